import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { awaitUsing } from '../../fixes/awaitUsing.ts';
import { releaseBeforeExit } from '../../fixes/beforeExit.ts';
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

/** Ways to release on every path, best first: the first that fits is offered. */
const releasing = [tryFinally, releaseOnThrow, promiseChain, releaseInCallback, releaseBeforeExit];
/** Ways to need no release at all. */
const avoiding = [poolShorthand, awaitUsing];

/** The repairs of a resource that is not given back on every path, best first. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  const receipt = receiptOf(file, solved);
  if (!receipt) return [];
  if (!isHeld(receipt)) return fixesOf(file.unit.path, [nameIt(file, solved, receipt)]);
  const avoided = avoiding.map((build) => build(receipt));
  for (const build of releasing) {
    const plan = build(receipt);
    if (plan) return fixesOf(file.unit.path, [plan, ...avoided]);
  }
  return fixesOf(file.unit.path, avoided);
}
