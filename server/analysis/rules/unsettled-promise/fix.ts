import type { Unsettled } from '../../detachment/unsettled.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { rejectPromise } from '../../fixes/rejectPromise.ts';

/** The repair of a promise that stays pending when the work behind it fails. */
export function fixes({ unit }: FileAnalysis, { promise, cause }: Unsettled): readonly Fix[] {
  return cause.kind === 'unheard' ? fixesOf(unit.path, [rejectPromise(unit, promise, cause)]) : [];
}
