import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { awaitUsing } from '../../fixes/awaitUsing.ts';
import { releaseInCallback } from '../../fixes/callback.ts';
import { isHeld } from '../../fixes/held.ts';
import { nameIt } from '../../fixes/nameless.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { poolShorthand } from '../../fixes/poolShorthand.ts';
import { promiseChain } from '../../fixes/promiseChain.ts';
import { receiptOf } from '../../fixes/receipt.ts';
import { releaseOnThrow } from '../../fixes/releaseOnThrow.ts';
import { tryFinally } from '../../fixes/tryFinally.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** In the order in which they are offered. */
const builders = [tryFinally, releaseOnThrow, promiseChain, releaseInCallback, poolShorthand, awaitUsing];

/** The repairs of a resource that is not given back on every path, best first. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  const receipt = receiptOf(file, solved);
  if (!receipt) return [];
  if (!isHeld(receipt)) return fixesOf(file.unit.path, [nameIt(file, solved, receipt)]);
  return fixesOf(
    file.unit.path,
    builders.map((build) => build(receipt)),
  );
}
