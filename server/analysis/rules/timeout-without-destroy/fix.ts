import type { Armed } from '../../bounds/valueBounds.ts';
import type { JudgedWait } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { passDeadline } from '../../fixes/deadline.ts';
import { destroyInHandler } from '../../fixes/destroyOnTimeout.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** Destroys where the timer expires; where nothing names the request, a deadline that does not need it. */
export function fixes(file: FileAnalysis, judged: JudgedWait, armed: Armed): readonly Fix[] {
  return fixesOf(file.unit.path, [destroyInHandler(file, judged, armed), passDeadline(file, judged)]);
}
