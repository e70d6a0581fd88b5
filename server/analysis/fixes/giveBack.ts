import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Fix } from '../finding.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { awaitUsing } from './awaitUsing.ts';
import { releaseBeforeExit } from './beforeExit.ts';
import { releaseInCallback } from './callback.ts';
import { callRelease } from './callRelease.ts';
import { catchFailure } from './catchFailure.ts';
import { doWithout } from './doWithout.ts';
import { isHeld } from './held.ts';
import { nameIt } from './nameless.ts';
import { fixesOf } from './plan.ts';
import { poolShorthand } from './poolShorthand.ts';
import { promiseChain } from './promiseChain.ts';
import { receiptOf } from './receipt.ts';
import { releaseOnThrow } from './releaseOnThrow.ts';
import { tryFinally } from './tryFinally.ts';

/** Ways to release on every path, best first: the first that fits is offered. */
const releasing = [tryFinally, releaseOnThrow, promiseChain, releaseInCallback, releaseBeforeExit, catchFailure];
/** Ways to need no release at all. */
const avoiding = [poolShorthand, awaitUsing];

/** The repairs of a resource that is not given back or closed on every path, best first. */
export function givingBack(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  const call = callRelease(file, solved);
  if (call) return fixesOf(file.unit.path, [call]);
  const receipt = receiptOf(file, solved);
  if (!receipt) return [];
  // A release would take away what others were told of.
  if (solved.obligation.acquisition.told?.keeps && solved.exploration.tellings.size > 0)
    return fixesOf(file.unit.path, [doWithout(solved)]);
  if (!isHeld(receipt)) return fixesOf(file.unit.path, [nameIt(file, solved, receipt)]);
  const avoided = avoiding.map((build) => build(receipt));
  for (const build of releasing) {
    const plan = build(receipt);
    if (plan) return fixesOf(file.unit.path, [plan, ...avoided]);
  }
  return fixesOf(file.unit.path, avoided);
}
