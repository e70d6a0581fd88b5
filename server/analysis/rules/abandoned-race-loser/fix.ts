import type { LostTimer } from '../../detachment/lostTimers.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { timeoutForRace } from '../../fixes/abortTimeout.ts';
import { clearBehindPromise } from '../../fixes/clearBehindPromise.ts';
import { endRace } from '../../fixes/endRace.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** The repairs of a race whose timer stays: the timer is cleared when the race is over. */
export function fixes(file: FileAnalysis, { timer, loss }: LostTimer): readonly Fix[] {
  if (loss.kind !== 'race') return [];
  const { unit } = file;
  if (loss.deadline.through) return fixesOf(unit.path, [endRace(file, loss.race, loss.deadline)]);
  return fixesOf(unit.path, [clearBehindPromise(unit, timer, loss.race.call), timeoutForRace(file, loss.race)]);
}
