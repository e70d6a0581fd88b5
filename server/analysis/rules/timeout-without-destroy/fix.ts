import { briefMs } from '../../bounds/units.ts';
import type { Armed } from '../../bounds/valueBounds.ts';
import type { JudgedWait } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { passDeadline } from '../../fixes/deadline.ts';
import { destroyInHandler } from '../../fixes/destroyOnTimeout.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** Destroys where the timer expires; where nothing names the request, a deadline that does not need it. */
export function fixes(file: FileAnalysis, judged: JudgedWait, armed: Armed): readonly Fix[] {
  // What destroys after milliseconds that were meant as seconds would only break it.
  const destroys = briefMs(armed) === undefined ? destroyInHandler(file, judged, armed) : undefined;
  return fixesOf(file.unit.path, [destroys, passDeadline(file, judged)]);
}
