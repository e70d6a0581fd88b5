import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { shareInModule } from '../../fixes/shareInModule.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** One for the whole module. */
export function fixes(file: FileAnalysis, { obligation }: SolvedObligation): readonly Fix[] {
  return fixesOf(file.unit.path, [shareInModule(file, obligation.site)]);
}
