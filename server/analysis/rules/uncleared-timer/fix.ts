import type { LostTimer } from '../../detachment/lostTimers.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { timeoutForController } from '../../fixes/abortTimeout.ts';
import { clearBehindPromise } from '../../fixes/clearBehindPromise.ts';
import { clearInEnd, unrefTimer } from '../../fixes/clearInEnd.ts';
import { clearInFinally, keepAndClear } from '../../fixes/clearInFinally.ts';
import { type FixPlan, fixesOf } from '../../fixes/plan.ts';
import type { SourceUnit } from '../../syntax/unit.ts';

/** The repairs of a timer that goes on for nothing. */
export function fixes({ unit }: FileAnalysis, lost: LostTimer): readonly Fix[] {
  return fixesOf(unit.path, plansFor(unit, lost));
}

function plansFor(unit: SourceUnit, lost: LostTimer): readonly (FixPlan | undefined)[] {
  const { timer, loss } = lost;
  switch (loss.kind) {
    case 'deadline':
      return timer.kind === 'interval' ? [] : [clearBehindPromise(unit, timer, loss.promise.node)];
    case 'missed':
      return [clearInFinally(unit, timer), timeoutForController(unit, timer)];
    case 'givenUp':
      if (loss.giveUp.by === 'abort') return [keepAndClear(unit, timer), timeoutForController(unit, timer)];
      return loss.giveUp.by === 'flag' ? [keepAndClear(unit, timer)] : [];
    case 'dropped':
    case 'never':
    case 'again':
    case 'outlives':
      return [clearInEnd(unit, lost)];
    case 'watchdog':
      return [unrefTimer(timer)];
    default:
      return [];
  }
}
