import { existsSync, readFileSync } from 'node:fs';
import semver from 'semver';
import { pageFilesIn } from './pageFiles.ts';
import { ancestors, join } from './paths.ts';

/** The fields of a package.json that matter here, as far as they have the right type. */
export interface PackageManifest {
  readonly directory: string;
  readonly version: string | undefined;
  readonly type: 'module' | 'commonjs';
  /** `engines.node`, a semver range. */
  readonly node: string | undefined;
  /** Names of all dependencies, for development and for use. */
  readonly dependencies: readonly string[];
  /** Those of them that are installed where the package is used. */
  readonly runtimeDependencies: readonly string[];
  /** It installs a command. */
  readonly command: boolean;
  /** It calls itself a tool for the command line, by its name or description. */
  readonly commandLine: boolean;
  /** It names files for others to import. */
  readonly importable: boolean;
  /** It names what bundles for pages take in its place. */
  readonly forPages: boolean;
  /** The files that it names so, and for nobody else. */
  readonly pageFiles: readonly string[];
  /** It is an extension of an editor. */
  readonly extension: boolean;
  /** It is never published. */
  readonly private: boolean;
  /** Commands by the names under which developers run them. */
  readonly scripts: Readonly<Record<string, string>>;
}

const rootMarks = ['.git', 'deno.json', 'deno.jsonc'];

/** Answers questions about package.json files, reading each once. */
export class Packages {
  readonly #manifests = new Map<string, PackageManifest | undefined>();
  readonly #versions = new Map<string, string | undefined>();
  readonly #paths = new Map<string, string | undefined>();
  readonly #nearest = new Map<string, PackageManifest | undefined>();
  /** Roots of directories that belong to no package. */
  readonly #bareRoots = new Map<string, string>();
  readonly #pageFolders = new Map<string, readonly string[]>();

  /** The manifest of the package that the file belongs to. */
  nearest(path: string): PackageManifest | undefined {
    const visited: string[] = [];
    let found: PackageManifest | undefined;
    for (const directory of ancestors(path)) {
      if (this.#nearest.has(directory)) {
        found = this.#nearest.get(directory);
        break;
      }
      visited.push(directory);
      found = this.#manifest(directory);
      if (found !== undefined) break;
    }
    for (const directory of visited) this.#nearest.set(directory, found);
    return found;
  }

  /** The package's directory; without a package.json that of a Deno project or the repository, and without those its own. */
  rootOf(path: string): string {
    const manifest = this.nearest(path);
    if (manifest !== undefined) return manifest.directory;
    const [own = '/', ...parents] = ancestors(path);
    let root = this.#bareRoots.get(own);
    if (root === undefined) {
      root = [own, ...parents].find((it) => rootMarks.some((name) => existsSync(join(it, name)))) ?? own;
      this.#bareRoots.set(own, root);
    }
    return root;
  }

  /** The path of a package's directory in the repository, or in the outermost package around it, if there is one. */
  pathInRepository(directory: string): string | undefined {
    if (this.#paths.has(directory)) return this.#paths.get(directory);
    let outer: string | undefined;
    if (!existsSync(join(directory, '.git'))) {
      for (const parent of ancestors(directory)) {
        const isRepository = existsSync(join(parent, '.git'));
        if (isRepository || this.#manifest(parent)) outer = parent;
        if (isRepository) break;
      }
    }
    const path = outer === undefined ? undefined : directory.slice(outer.length).replace(/^\//, '');
    this.#paths.set(directory, path);
    return path;
  }

  /** The folders of a package from which its `index.html` loads modules: `src/`. */
  pageFolders(directory: string): readonly string[] {
    let folders = this.#pageFolders.get(directory);
    if (folders === undefined) {
      folders = [
        ...textOf(join(directory, 'index.html')).matchAll(
          /<script\b[^>]*\ssrc=["']?\.?\/?([\w./-]+\/)[^/]+\.[jt]sx?\b/g,
        ),
      ].map(([, folder = '']) => folder);
      this.#pageFolders.set(directory, folders);
    }
    return folders;
  }

  /** The version of a package as installed for the file. For `node`: the oldest one that the file's package supports. */
  version(from: string, packageName: string): string | undefined {
    if (packageName === 'node') return oldest(this.nearest(from)?.node);
    for (const directory of ancestors(from)) {
      const key = `${directory}\0${packageName}`;
      if (!this.#versions.has(key)) {
        this.#versions.set(key, this.#manifest(join(directory, `node_modules/${packageName}`))?.version);
      }
      const version = this.#versions.get(key);
      if (version !== undefined) return version;
    }
    return undefined;
  }

  /** Forgets everything: manifests changed. */
  forget(): void {
    this.#manifests.clear();
    this.#versions.clear();
    this.#nearest.clear();
    this.#paths.clear();
    this.#bareRoots.clear();
    this.#pageFolders.clear();
  }

  #manifest(directory: string): PackageManifest | undefined {
    if (!this.#manifests.has(directory)) this.#manifests.set(directory, readManifest(directory));
    return this.#manifests.get(directory);
  }
}

/** The lowest version in a semver range. */
export function oldest(range: string | undefined): string | undefined {
  if (range === undefined || semver.validRange(range) === null) return undefined;
  return semver.minVersion(range)?.version;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readManifest(directory: string): PackageManifest | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch {
    // Absent or broken: whoever installs the package will hear of it, an analyser can go on.
    return undefined;
  }
  return manifestOf(directory, manifest);
}

/** What a package.json says, as parsed; `undefined` where it is none. */
export function manifestOf(directory: string, manifest: unknown): PackageManifest | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const fields = manifest as Record<string, unknown>;
  const { version, type, engines } = fields;
  const node = typeof engines === 'object' && engines !== null ? (engines as Record<string, unknown>).node : undefined;
  return {
    directory,
    version: typeof version === 'string' ? version : undefined,
    type: type === 'module' ? 'module' : 'commonjs',
    node: typeof node === 'string' ? node : undefined,
    dependencies: ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((key) => keysOf(fields[key])),
    runtimeDependencies: ['dependencies', 'peerDependencies'].flatMap((key) => keysOf(fields[key])),
    command: fields.bin !== undefined,
    commandLine: isCommandLine(fields),
    importable: isImportable(fields),
    forPages: fields.browser !== undefined || namesPages(fields.exports),
    pageFiles: pageFilesIn(fields),
    extension: typeof engines === 'object' && engines !== null && 'vscode' in engines,
    private: fields.private === true,
    scripts: stringsOf(fields.scripts),
  };
}

function isCommandLine({ name, description }: Record<string, unknown>): boolean {
  const isNamed = typeof name === 'string' && /(?:^|[/-])cli$|^create-/i.test(name);
  if (isNamed || typeof description !== 'string') return isNamed;
  return (
    /\bcommand[- ]line\b|\bCLI\b/i.test(description) &&
    !/\b(?:servers?|services?|daemon|mcp|bots?)\b/i.test(description)
  );
}

/** Who calls itself a command line, and no more, has its `main` by habit. */
function isImportable(fields: Record<string, unknown>): boolean {
  const { bin, main, description } = fields;
  if (['module', 'exports', 'types', 'typings'].some((key) => fields[key] !== undefined)) return true;
  const isForOthers = /\b(?:librar(?:y|ies)|api|sdk|modules?|framework|programmatic(?:ally)?|plugins?)\b/i;
  const isTool = bin !== undefined && isCommandLine(fields) && !isForOthers.test(String(description));
  return main !== undefined && !isTool;
}

/** Whether an `exports` field has a condition for pages. */
function namesPages(exports: unknown): boolean {
  if (typeof exports !== 'object' || exports === null) return false;
  return 'browser' in exports || Object.values(exports).some(namesPages);
}

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, each]) => typeof each === 'string'));
}
