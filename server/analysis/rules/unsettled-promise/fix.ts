import type { Unsettled } from '../../detachment/unsettled.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { rejectPromise } from '../../fixes/rejectPromise.ts';
import { rejectWhereHeard } from '../../fixes/rejectWhereHeard.ts';

/** The repair of a promise that stays pending when the work behind it fails. */
export function fixes({ unit }: FileAnalysis, { promise, cause }: Unsettled): readonly Fix[] {
  const isUnheard = cause.kind === 'unheard' && !cause.swallowed;
  return fixesOf(unit.path, [isUnheard ? rejectPromise(unit, promise, cause) : rejectWhereHeard(unit, promise, cause)]);
}
