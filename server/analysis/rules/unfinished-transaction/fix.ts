import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { rollBack } from '../../fixes/rollBack.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** The repair of a transaction that some path does not end. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  return fixesOf(file.unit.path, [rollBack(file, solved)]);
}
