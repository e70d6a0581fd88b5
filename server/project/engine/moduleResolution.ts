import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { toPortable } from '../files/paths.ts';
import { isSourceFile } from '../files/sourceKinds.ts';
import { publicEntries } from './publicEntries.ts';
import type { TsConfig, TsConfigs } from './tsconfig.ts';
import { Workspaces } from './workspaces.ts';

/** Resolves import specifiers to files of the project, through TypeScript's module resolution. */
export class ModuleResolution {
  readonly #tsConfigs: TsConfigs;
  readonly #workspaces = new Workspaces();
  /** By directory. */
  readonly #entries = new Map<string, readonly string[] | undefined>();
  readonly #answers = new Map<string, string | undefined>();
  readonly #attempts = new Map<TsConfig | undefined, readonly Attempt[]>();

  constructor(tsConfigs: TsConfigs) {
    this.#tsConfigs = tsConfigs;
  }

  /** The source file that `specifier` means in `from`; `undefined` for packages, built-ins and the unresolved. */
  resolve(from: string, specifier: string): string | undefined {
    if (specifier.startsWith('node:')) return undefined;
    // Within one directory and extension the answer is the same for every file.
    const key = `${from.slice(0, from.lastIndexOf('/'))}\0${from.slice(from.lastIndexOf('.'))}\0${specifier}`;
    if (!this.#answers.has(key)) this.#answers.set(key, this.#resolve(from, specifier));
    return this.#answers.get(key);
  }

  /** The sources of what the package of a file names as its entries. `undefined`: any file may be one. */
  entries(from: string): readonly string[] | undefined {
    const directory = from.slice(0, from.lastIndexOf('/'));
    if (!this.#entries.has(directory)) this.#entries.set(directory, this.#findEntries(from));
    return this.#entries.get(directory);
  }

  #findEntries(from: string): readonly string[] | undefined {
    const named = publicEntries(from);
    const sources = named?.entries.map((entry) => sourceOf(toPortable(resolve(named.directory, entry)), true));
    return sources?.every((source) => source !== undefined && existsSync(source))
      ? [...new Set(sources as string[])]
      : undefined;
  }

  /** Forgets all answers: files came into being or went away. */
  clear(): void {
    this.#entries.clear();
    this.#answers.clear();
    this.#attempts.clear();
  }

  #resolve(from: string, specifier: string): string | undefined {
    for (const { options, cache } of this.#attemptsFor(this.#tsConfigs.nearest(from))) {
      // `require` and `import` may resolve to different files of a package; for project files the difference is none.
      const mode = ts.getImpliedNodeFormatForFile(from, cache.getPackageJsonInfoCache(), ts.sys, options);
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys, cache, undefined, mode);
      if (resolvedModule === undefined) continue;
      const file = toPortable(resolvedModule.resolvedFileName);
      if (file.includes('/node_modules/')) return undefined;
      return sourceOf(file, !specifier.startsWith('.'));
    }
    return this.#inWorkspace(from, specifier);
  }

  #inWorkspace(from: string, specifier: string): string | undefined {
    const [name, subpath] = splitSpecifier(specifier);
    const found = name === undefined ? undefined : this.#workspaces.find(from, name);
    if (found === undefined) return undefined;
    const inside = subpath === undefined ? [...found.entries, 'src/index.ts', 'index.ts'] : [`src/${subpath}`, subpath];
    for (const entry of inside) {
      const source = sourceOf(toPortable(resolve(found.directory, entry)), true);
      if (source !== undefined && existsSync(source)) return source;
    }
    return undefined;
  }

  /** The file's own options, those of the projects a solution refers to, and then rules that accept what bundlers accept. */
  #attemptsFor(config: TsConfig | undefined): readonly Attempt[] {
    const known = this.#attempts.get(config);
    if (known !== undefined) return known;
    const all = config === undefined ? [] : [config, ...config.references].map(({ options }) => attempt(options));
    const attempts = [
      ...all,
      attempt({ moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext }),
    ];
    this.#attempts.set(config, attempts);
    return attempts;
  }
}

/** The package and the path inside it; nothing for relative and absolute specifiers. */
function splitSpecifier(specifier: string): readonly [name: string | undefined, subpath: string | undefined] {
  const match = /^((?:@[^/]+\/)?[^./@][^/]*)(?:\/(.+))?$/.exec(specifier);
  return [match?.[1], match?.[2]];
}

interface Attempt {
  readonly options: ts.CompilerOptions;
  readonly cache: ts.ModuleResolutionCache;
}

function attempt(given: ts.CompilerOptions): Attempt {
  const options = { ...given, allowJs: true };
  return { options, cache: ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options) };
}

/**
 * The source of a resolved file. What another package of the workspace offers is often what was built of it: then the
 * source lies behind it.
 */
function sourceOf(file: string, mayBeBuilt: boolean): string | undefined {
  const built = mayBeBuilt && builtDirectory.test(file);
  if (isSourceFile(file) && !built) return file;
  const stem = file.replace(/(?:\.d\.[cm]?ts|\.[cm]?[jt]sx?)$/, '');
  const stems = built ? [stem.replace(builtDirectory, '/src/'), stem] : [stem];
  const candidates = stems.flatMap((name) => sourceExtensions.map((extension) => name + extension));
  return candidates.find((candidate) => existsSync(candidate)) ?? (isSourceFile(file) ? file : undefined);
}

const builtDirectory = /\/(?:dist|build|lib|out)\/(?!.*\/(?:dist|build|lib|out)\/)/;
const sourceExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
