import type { Severity } from './finding.ts';
import type { LibraryModel } from './resources/model.ts';

export type Preset = 'recommended' | 'strict';

/** The configuration as it applies to one file, everything resolved. */
export interface FileOptions {
  readonly preset: Preset;
  /** Overrides by rule id: a severity, or `off`. A rule that is named here runs whatever the preset. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** The number of milliseconds that fixes write as a deadline. */
  readonly timeoutMs: number;
  /** Whether fixes may write `using` where the environment allows it. */
  readonly disposal: 'auto' | 'never';
  /** The user's own resource models, after those that ship. */
  readonly models: readonly LibraryModel[];
  /** Absolute directory of the nearest package.json: paths in fingerprints are relative to it. */
  readonly packageRoot: string;
}
