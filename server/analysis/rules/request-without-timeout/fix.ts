import type { UnboundedInstance } from '../../bounds/instances.ts';
import { isBoundBySilence } from '../../bounds/transfers.ts';
import type { JudgedWait } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { passDeadline, passDeadlineToAll } from '../../fixes/deadline.ts';
import { armTimer } from '../../fixes/destroyOnTimeout.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** A deadline for one request, or a limit for its silence where one for the whole would cut off what goes on. */
export function fixes(file: FileAnalysis, judged: JudgedWait): readonly Fix[] {
  return fixesOf(file.unit.path, [isBoundBySilence(judged) ? armTimer(file, judged) : passDeadline(file, judged)]);
}

/** A deadline for every request of an instance. */
export function instanceFixes(file: FileAnalysis, { call, options, preferred }: UnboundedInstance): readonly Fix[] {
  return fixesOf(file.unit.path, [passDeadlineToAll(file, call, options, preferred)]);
}
