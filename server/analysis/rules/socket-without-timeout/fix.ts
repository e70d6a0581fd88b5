import type { JudgedWait } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { passDeadline } from '../../fixes/deadline.ts';
import { armTimer, boundConnecting } from '../../fixes/destroyOnTimeout.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** An option where there is one that ends the wait, else a timer that destroys. */
export function fixes(file: FileAnalysis, judged: JudgedWait): readonly Fix[] {
  return fixesOf(file.unit.path, [passDeadline(file, judged), armTimer(file, judged), boundConnecting(file, judged)]);
}
