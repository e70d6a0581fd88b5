import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { managedForm } from '../../fixes/managedForm.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { rollBack } from '../../fixes/rollBack.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** The repairs of a transaction that some path does not end, best first. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  return fixesOf(file.unit.path, [rollBack(file, solved), managedForm(file, solved)]);
}
