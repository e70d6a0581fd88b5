import type { HiddenWait } from '../../detachment/hiddenWaits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { abortWithCause } from '../../fixes/abortWithCause.ts';

/** The repair of a wait that nobody can end: the cause of its task does. */
export function fixes(file: FileAnalysis, { call }: HiddenWait): readonly Fix[] {
  const fix = abortWithCause(file, call);
  return fix ? [fix] : [];
}
