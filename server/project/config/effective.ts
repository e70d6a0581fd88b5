import picomatch from 'picomatch';
import type { Severity } from '../../analysis/finding.ts';
import type { Preset } from '../../analysis/options.ts';
import type { LibraryModel } from '../../analysis/resources/model.ts';
import { within } from '../files/paths.ts';
import type { ConfigFile } from './configFile.ts';
import type { Settings } from './schema.ts';

/** A value and where it comes from. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: string;
}

/** All settings of one file, folded. */
export interface Effective {
  readonly preset: Sourced<Preset>;
  readonly rules: ReadonlyMap<string, Sourced<Severity | 'off'>>;
  readonly timeoutMs: Sourced<number>;
  readonly disposal: Sourced<'auto' | 'never'>;
  readonly models: readonly Sourced<LibraryModel>[];
}

/**
 * Lays the configuration files of a chain over the defaults, outermost first: each file's own settings, then those of
 * its overrides that match. What the command line says comes last.
 */
export function fold(
  path: string,
  chain: readonly ConfigFile[],
  preset: Preset | undefined,
  name: (config: ConfigFile) => string,
): Effective {
  const state: Mutable<Effective> & { rules: Map<string, Sourced<Severity | 'off'>> } = {
    preset: { value: 'recommended', from: 'default' },
    rules: new Map(),
    timeoutMs: { value: 10_000, from: 'default' },
    disposal: { value: 'auto', from: 'default' },
    models: [],
  };
  const apply = (settings: Settings, from: (...keys: (string | number)[]) => string): void => {
    if (settings.preset !== undefined) state.preset = { value: settings.preset, from: from('preset') };
    if (settings.timeoutMs !== undefined) state.timeoutMs = { value: settings.timeoutMs, from: from('timeoutMs') };
    if (settings.disposal !== undefined) state.disposal = { value: settings.disposal, from: from('disposal') };
    for (const [id, value] of Object.entries(settings.rules ?? {})) {
      state.rules.set(id, { value, from: from('rules', id) });
    }
  };
  for (const file of chain) {
    const at = (...keys: (string | number)[]): string => `${name(file)}:${file.place(keys)}`;
    apply(file.config, at);
    for (const [index, override] of (file.config.overrides ?? []).entries()) {
      if (matches(path, override.files, file)) apply(override, (...keys) => at('overrides', index, ...keys));
    }
    state.models = [...state.models, ...file.models.map((value, index) => ({ value, from: at('models', index) }))];
  }
  if (preset !== undefined) state.preset = { value: preset, from: '--preset' };
  return state;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const matchers = new WeakMap<readonly string[], (path: string) => boolean>();

function matches(path: string, globs: readonly string[], file: ConfigFile): boolean {
  const relative = within(file.directory, path);
  if (relative === undefined) return false;
  let matcher = matchers.get(globs);
  if (matcher === undefined) {
    matcher = picomatch(globs.map(anchored), { dot: true });
    matchers.set(globs, matcher);
  }
  return matcher(relative);
}

/** A glob without a slash matches names in every directory. */
function anchored(glob: string): string {
  return glob.includes('/') ? glob.replace(/^\.?\//, '') : `**/${glob}`;
}
