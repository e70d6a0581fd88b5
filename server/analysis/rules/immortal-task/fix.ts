import type { Immortal } from '../../detachment/immortal.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { stopLoop } from '../../fixes/stopLoop.ts';

/** The repair of a loop that the end of its object does not end. */
export function fixes({ unit }: FileAnalysis, found: Immortal): readonly Fix[] {
  return fixesOf(unit.path, [stopLoop(unit, found)]);
}
