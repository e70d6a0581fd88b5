import type { DeafHandler } from '../../detachment/disconnects.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { abortOnLeave } from '../../fixes/abortOnLeave.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** The repair of a handler that does not hear of the client's leaving. */
export function fixes(file: FileAnalysis, deaf: DeafHandler): readonly Fix[] {
  return fixesOf(file.unit.path, [abortOnLeave(file, deaf)]);
}
