import type { Analysis } from '../../analysis/check.ts';
import type { Host } from '../../analysis/host.ts';
import type { LibraryModel } from '../../analysis/resources/model.ts';
import type { TypeTier, Watch } from '../types/typeTier.ts';

/** What the engine is put together from. Another set of parts makes it testable without the real ones. */
export interface EngineParts {
  /** Loads the code that needs the parser; called after the first hit of the pre-filter. */
  loadAnalysis(): Promise<(host: Host) => Analysis>;
  loadTypeTier(): Promise<(options: TypeTierOptions) => TypeTier>;
  createPrefilter(models: readonly LibraryModel[], names: Iterable<string>): (text: string) => boolean;
}

export interface TypeTierOptions {
  readonly watch: Watch;
  /** Whether the tier follows edits, rather than answering for one run. */
  readonly longLived: boolean;
}
