import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { shareInModule } from '../../fixes/shareInModule.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

/** What is done once with each: a shared one would be opened, and listened to, again and again. */
const once = ['connect', 'open', 'on', 'once', 'addListener', 'subscribe'];

/** One for the whole module. */
export function fixes(file: FileAnalysis, { obligation, exploration: { uses } }: SolvedObligation): readonly Fix[] {
  if ([...once, ...(obligation.acquisition.opens ?? [])].some((name) => uses.has(name))) return [];
  return fixesOf(file.unit.path, [shareInModule(file, obligation.site)]);
}
