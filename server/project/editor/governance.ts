import { isAbsolute } from 'node:path';
import picomatch from 'picomatch';
import type { Severity } from '../../analysis/finding.ts';
import type { FileOptions } from '../../analysis/options.ts';
import { ConfigResolver } from '../config/resolver.ts';
import { GitIgnore } from '../files/gitignore.ts';
import type { Packages } from '../files/packages.ts';
import { absolute, within } from '../files/paths.ts';
import { isDeclarationFile, isSourceFile } from '../files/sourceKinds.ts';
import { placed } from './configProblems.ts';
import type { ConfigProblem, Scope } from './protocol.ts';

const governing = /(?:^|\/)(?:leakproof\.jsonc|\.gitignore)$/;

/** What governs one file. */
export type Ruling =
  | { readonly options: FileOptions; readonly configPath: string | null }
  | { readonly reason: string; readonly broken: boolean; readonly configPath: string | null };

/** Decides which files are analysed, and how: configuration, what Git ignores, and the editor's settings. */
export class Governance {
  readonly #packages: Packages;
  readonly #resolvers = new Map<string, ConfigResolver>();
  readonly #merged = new WeakMap<FileOptions, Map<string, FileOptions>>();
  readonly #excluding = new Map<string, (path: string) => boolean>();
  #gitIgnores = new Map<string, GitIgnore>();

  constructor(packages: Packages) {
    this.#packages = packages;
  }

  /** Reads every configuration anew when next asked. */
  forget(): void {
    this.#resolvers.clear();
    this.#gitIgnores = new Map();
  }

  /** Whether what the file says may decide about others. */
  listensTo(path: string): boolean {
    return governing.test(path) || [...this.#resolvers.values()].some((resolver) => resolver.reads(path));
  }

  rule(path: string, scope: Scope): Ruling {
    const excluded = this.#excluded(path, scope);
    if (excluded !== undefined) return { reason: excluded, broken: false, configPath: null };
    const resolver = this.#resolver(scope);
    const chain = resolver.chain(path);
    const configPath = 'problems' in chain ? chain.path : (chain.at(-1)?.path ?? null);
    const governed = resolver.resolve(path);
    if ('options' in governed) return { options: this.#withSettings(governed.options, scope.severity), configPath };
    if ('ignoredBy' in governed) return { reason: `ignored by ${governed.ignoredBy}`, broken: false, configPath };
    return { reason: `${nameOf(governed.broken)} is broken`, broken: true, configPath };
  }

  /** What is wrong with the configuration files met so far. */
  problems(): readonly ConfigProblem[] {
    const problems = new Map<string, ConfigProblem>();
    for (const resolver of this.#resolvers.values()) {
      for (const { path, message } of resolver.problems()) {
        problems.set(`${path}\0${message}`, placed(path, message));
      }
    }
    return [...problems.values()];
  }

  #excluded(path: string, { root, exclude }: Scope): string | undefined {
    if (isDeclarationFile(path)) return 'declaration files hold no code';
    if (!isSourceFile(path)) return 'no JavaScript or TypeScript file';
    if (path.includes('/node_modules/')) return 'part of an installed package';
    const relative = within(root, path);
    if (exclude.length > 0 && relative !== undefined && this.#matcher(exclude)(relative)) {
      return 'excluded by the setting leakproof.exclude';
    }
    let gitIgnore = this.#gitIgnores.get(root);
    if (gitIgnore === undefined) {
      gitIgnore = new GitIgnore([root]);
      this.#gitIgnores.set(root, gitIgnore);
    }
    const ignoredBy = gitIgnore.ignoredBy(path, false);
    return ignoredBy === undefined ? undefined : `ignored by ${ignoredBy}`;
  }

  #matcher(globs: readonly string[]): (path: string) => boolean {
    const key = globs.join('\0');
    let matcher = this.#excluding.get(key);
    if (matcher === undefined) {
      // A glob without a slash matches names in every directory, as in the configuration file.
      const anchored = globs.map((glob) => (glob.includes('/') ? glob.replace(/^\.?\//, '') : `**/${glob}`));
      matcher = picomatch([...anchored, ...anchored.map((glob) => `${glob.replace(/\/$/, '')}/**`)], { dot: true });
      this.#excluding.set(key, matcher);
    }
    return matcher;
  }

  #resolver({ root, config }: Scope): ConfigResolver {
    const named = config === undefined ? undefined : isAbsolute(config) ? config : absolute(root, config);
    const key = `${root}\0${named ?? ''}`;
    let resolver = this.#resolvers.get(key);
    if (resolver === undefined) {
      resolver = new ConfigResolver({ cwd: root, config: named, preset: undefined, packages: this.#packages });
      this.#resolvers.set(key, resolver);
    }
    return resolver;
  }

  /** The configuration file wins over the editor's settings. Equal options stay one object. */
  #withSettings(options: FileOptions, severity: Readonly<Record<string, Severity | 'off'>>): FileOptions {
    if (Object.keys(severity).length === 0) return options;
    const known = this.#merged.get(options) ?? new Map<string, FileOptions>();
    this.#merged.set(options, known);
    const key = JSON.stringify(severity);
    const merged = known.get(key) ?? { ...options, rules: { ...severity, ...options.rules } };
    known.set(key, merged);
    return merged;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
