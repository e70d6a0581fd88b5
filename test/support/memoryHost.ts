import { type TokenFact, type TokenQuery, unknownFact } from '../../server/analysis/facts.ts';
import type { Environment, Host, Location } from '../../server/analysis/host.ts';
import { type Specifier, specifiersIn } from '../../server/analysis/syntax/specifiers.ts';
import { mentions } from '../../server/analysis/syntax/words.ts';
import { roleOf } from '../../server/project/engine/environment.ts';
import { manifestOf, type PackageManifest } from '../../server/project/files/packages.ts';
import { isPageFile } from '../../server/project/files/pageFiles.ts';

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** What a specifier with an extension of emitted code may mean among the sources. */
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.js', '.ts', '.tsx', '.jsx'],
  '.mjs': ['.mjs', '.mts'],
  '.cjs': ['.cjs', '.cts'],
  '.jsx': ['.jsx', '.tsx'],
};

/** What a world in memory knows beside its texts. */
export interface World {
  /** Installed packages by name; the version may be the empty string where it does not matter. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Whether `using` may be written. */
  readonly using?: boolean;
  /** Where the package says that it runs. */
  readonly platform?: Environment['platform'];
  /** What the package says that the files are run as. */
  readonly role?: Environment['role'];
}

/** A project that exists only in memory: its files, no type tier, no installed packages unless they are named. */
export class MemoryHost implements Host {
  readonly files: Map<string, string>;
  readonly #world: World;

  constructor(files: Iterable<readonly [string, string]>, world: World = {}) {
    this.files = new Map(files);
    this.#world = world;
  }

  read(path: string): string | undefined {
    return this.files.get(path);
  }

  specifiers(path: string): readonly Specifier[] {
    return specifiersIn(this.files.get(path) ?? '');
  }

  resolve(from: string, specifier: string): string | undefined {
    if (!/^\.{1,2}(\/|$)/.test(specifier)) return undefined;
    const base = join(from.slice(0, from.lastIndexOf('/')), specifier);
    const [, stem = base, extension = ''] = /^(.*)(\.[cm]?[jt]sx?)$/.exec(base) ?? [];
    const candidates = [
      base,
      ...(sourcesOf[extension] ?? []).map((other) => stem + other),
      ...extensions.map((other) => base + other),
      ...extensions.map((other) => `${base}/index${other}`),
    ];
    return candidates.find((candidate) => this.files.has(candidate));
  }

  mentioning(_from: string, word: string): readonly string[] {
    return [...this.files]
      .flatMap(([path, text]) => (!path.endsWith('.json') && mentions(text, word) ? [path] : []))
      .sort();
  }

  entries(from: string): readonly string[] | undefined {
    const root = from.split('/').slice(0, 2).join('/');
    const manifest = this.files.get(`${root}/package.json`);
    if (manifest === undefined) return [];
    const { main = 'index.js', ...rest } = JSON.parse(manifest) as { main?: string; private?: boolean };
    const entry = rest.private ? undefined : this.resolve(`${root}/package.json`, `./${main}`);
    return entry === undefined ? [] : [entry];
  }

  packageOf(path: string): string | undefined {
    const directories = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)).reverse();
    return directories.find((directory) => this.files.has(`${directory}/package.json`));
  }

  location(path: string): Location {
    const root = this.packageOf(path) ?? path.split('/').slice(0, 2).join('/');
    const outer = this.packageOf(root);
    return { inPackage: path.slice(root.length + 1), packagePath: outer && root.slice(outer.length + 1) };
  }

  facts(_path: string, queries: readonly TokenQuery[]): readonly TokenFact[] {
    return queries.map(() => unknownFact);
  }

  newErrors(): undefined {
    return undefined;
  }

  packageVersion(_from: string, packageName: string): string | undefined {
    const packages = this.#world.packages ?? {};
    return Object.hasOwn(packages, packageName) ? packages[packageName] : undefined;
  }

  environment(path: string): Environment {
    const manifest = this.#manifest(path);
    const commonJs = /\.c[jt]s$/.test(path) || /\b(?:require\(|module\.exports\b)/.test(this.files.get(path) ?? '');
    return {
      using: this.#world.using ?? false,
      moduleKind: commonJs ? 'commonjs' : 'esm',
      platform: this.#world.platform,
      forPages: manifest !== undefined && isPageFile(manifest.pageFiles, path.slice(manifest.directory.length + 1)),
      role: this.#world.role ?? (manifest && roleOf(path, manifest)),
    };
  }

  #manifest(path: string): PackageManifest | undefined {
    const root = this.packageOf(path);
    const text = root === undefined ? undefined : this.files.get(`${root}/package.json`);
    return root === undefined || text === undefined ? undefined : manifestOf(root, JSON.parse(text));
  }

  cancelled(): boolean {
    return false;
  }
}

/** Joins a relative specifier to a directory, resolving `.` and `..`. */
function join(directory: string, specifier: string): string {
  const parts = directory.split('/');
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
