import ignore, { type Ignore } from 'ignore';
import type { FileOptions, Preset } from '../../analysis/options.ts';
import type { LibraryModel } from '../../analysis/resources/model.ts';
import type { Packages } from '../files/packages.ts';
import { absolute, ancestors, display, join, within } from '../files/paths.ts';
import { type BrokenConfig, type ConfigFile, configName, type LoadedConfig, loadConfig } from './configFile.ts';
import { type Effective, fold } from './effective.ts';

export interface ResolverOptions {
  readonly cwd: string;
  /** Replaces the search. */
  readonly config: string | undefined;
  readonly preset: Preset | undefined;
  readonly packages: Packages;
}

/** What configuration says about a file. */
export type Governed =
  | { readonly options: FileOptions }
  | { readonly ignoredBy: string }
  /** The absolute path of the file that is broken. */
  | { readonly broken: string };

/** The configuration files that govern a directory, outermost first, or the one that is broken. */
export type Chain = readonly ConfigFile[] | BrokenConfig;

/** Finds the configuration of files: the nearest leakproof.jsonc upward, over those further up until one says `root`. */
export class ConfigResolver {
  readonly #options: ResolverOptions;
  readonly #files = new Map<string, LoadedConfig>();
  readonly #chains = new Map<string, Chain>();
  readonly #ignores = new Map<ConfigFile, Ignore>();
  readonly #results = new Map<string, FileOptions>();
  readonly #models = new Map<string, readonly LibraryModel[]>();

  constructor(options: ResolverOptions) {
    this.#options = options;
    // A file that was named is an error even when it governs nothing.
    if (options.config !== undefined) this.#named(absolute(options.cwd, options.config));
  }

  resolve(path: string): Governed {
    const chain = this.chain(path);
    if (!isSound(chain)) return { broken: chain.path };
    const ignoredBy = this.ignoredBy(path, chain);
    return ignoredBy === undefined ? { options: this.#fileOptions(path, this.effective(path, chain)) } : { ignoredBy };
  }

  /** The configuration files of a file, or the broken one among them. */
  chain(path: string): Chain {
    const { cwd, config } = this.#options;
    if (config !== undefined) return this.#named(absolute(cwd, config));
    const [directory] = ancestors(path);
    return directory === undefined ? [] : this.#chainOf(directory);
  }

  /** The settings of a file, each with its origin. */
  effective(path: string, chain: readonly ConfigFile[]): Effective {
    return fold(path, chain, this.#options.preset, (file) => this.#name(file.path));
  }

  /** The name of the configuration file whose `ignore` takes the file out. */
  ignoredBy(path: string, chain: readonly ConfigFile[]): string | undefined {
    for (const file of chain.toReversed()) {
      const relative = within(file.directory, path);
      if (relative === undefined || file.config.ignore === undefined) continue;
      let patterns = this.#ignores.get(file);
      if (patterns === undefined) {
        patterns = ignore().add([...file.config.ignore]);
        this.#ignores.set(file, patterns);
      }
      const { ignored, unignored } = patterns.test(relative);
      if (ignored) return this.#name(file.path);
      if (unignored) return undefined;
    }
    return undefined;
  }

  /** Whether the path is one where configuration was looked for. */
  reads(path: string): boolean {
    return this.#files.has(path);
  }

  /** Everything that is wrong with the configuration files met so far. */
  problems(): readonly { readonly path: string; readonly message: string }[] {
    const problems: { path: string; message: string }[] = [];
    for (const file of this.#files.values()) {
      if (file === undefined || !('problems' in file)) continue;
      problems.push(...file.problems.map((message) => ({ path: file.path, message })));
    }
    return problems;
  }

  #chainOf(directory: string): Chain {
    const known = this.#chains.get(directory);
    if (known !== undefined) return known;
    const chain = this.#findChain(directory);
    this.#chains.set(directory, chain);
    return chain;
  }

  #findChain(directory: string): Chain {
    const own = this.#load(join(directory, configName));
    if (own !== undefined && 'problems' in own) return own;
    const [parent] = ancestors(directory);
    const outer = own?.config.root === true || parent === undefined ? [] : this.#chainOf(parent);
    if (!isSound(outer)) return outer;
    return own === undefined ? outer : [...outer, own];
  }

  #named(path: string): Chain {
    const file = this.#load(path);
    if (file !== undefined) return 'problems' in file ? file : [file];
    const broken = { path, problems: ['the configuration file given by --config does not exist'] };
    this.#files.set(path, broken);
    return broken;
  }

  #load(path: string): LoadedConfig {
    if (!this.#files.has(path)) this.#files.set(path, loadConfig(path));
    return this.#files.get(path);
  }

  #fileOptions(path: string, effective: Effective): FileOptions {
    const options: FileOptions = {
      preset: effective.preset.value,
      rules: Object.fromEntries([...effective.rules].map(([id, { value }]) => [id, value])),
      timeoutMs: effective.timeoutMs.value,
      disposal: effective.disposal.value,
      models: this.#sharedModels(effective),
      packageRoot: this.#options.packages.rootOf(path),
    };
    const key = JSON.stringify([{ ...options, models: modelsKey(effective) }]);
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    this.#results.set(key, options);
    return options;
  }

  /** The same models are one list: the analysis keeps what it derives from them by identity. */
  #sharedModels(effective: Effective): readonly LibraryModel[] {
    const key = modelsKey(effective);
    let models = this.#models.get(key);
    if (models === undefined) {
      models = effective.models.map(({ value }) => value);
      this.#models.set(key, models);
    }
    return models;
  }

  #name(path: string): string {
    return display(this.#options.cwd, path);
  }
}

function modelsKey({ models }: Effective): string {
  return models.map(({ from }) => from).join('\n');
}

/** Whether no file of the chain is broken. */
export function isSound(chain: Chain): chain is readonly ConfigFile[] {
  return Array.isArray(chain);
}
