import type { Registration } from '../../contexts/registrations.ts';
import type { Removal } from '../../contexts/removals.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { bindOnce, nameInClass, sameOptions } from '../../fixes/oneReference.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** One reference for both calls, or one phase. */
export function fixes(
  file: FileAnalysis,
  registration: Registration,
  removal: Removal,
  phase: boolean,
): readonly Fix[] {
  const plans = phase
    ? [sameOptions(registration, removal)]
    : [bindOnce(file, registration, removal), nameInClass(file, registration, removal)];
  return fixesOf(file.unit.path, plans);
}
