import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { isHeld } from '../../fixes/held.ts';
import { nameIt } from '../../fixes/nameless.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { receiptOf } from '../../fixes/receipt.ts';
import { tryFinally } from '../../fixes/tryFinally.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** The repairs of a resource that is not given back on every path, best first. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  const receipt = receiptOf(file, solved);
  if (!receipt) return [];
  if (!isHeld(receipt)) return fixesOf(file.unit.path, [nameIt(file, solved, receipt)]);
  return fixesOf(file.unit.path, [tryFinally(receipt)]);
}
