import type { LostTimer } from '../../detachment/lostTimers.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { clearBehindPromise } from '../../fixes/clearBehindPromise.ts';
import { clearInFinally } from '../../fixes/clearInFinally.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** The repairs of a timer that goes on for nothing. */
export function fixes({ unit }: FileAnalysis, { timer, loss }: LostTimer): readonly Fix[] {
  if (loss.kind === 'deadline') return fixesOf(unit.path, [clearBehindPromise(unit, timer, loss.promise.node)]);
  return loss.kind === 'missed' ? fixesOf(unit.path, [clearInFinally(unit, timer)]) : [];
}
