import { existsSync, readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { ancestors, join, toPortable } from '../files/paths.ts';

/** A package of the workspace: its directory and the paths that its manifest names as entries. */
export interface WorkspacePackage {
  readonly directory: string;
  readonly entries: readonly string[];
}

/**
 * Knows the packages of a monorepo by name. Needed where Node's resolution finds nothing: the packages were not
 * installed, or what their manifests point to was not built yet.
 */
export class Workspaces {
  readonly #byRoot = new Map<string, ReadonlyMap<string, WorkspacePackage>>();
  readonly #roots = new Map<string, string | undefined>();

  /** The package of that name in the workspace that the file belongs to. */
  find(from: string, packageName: string): WorkspacePackage | undefined {
    const [directory] = ancestors(from);
    const root = directory === undefined ? undefined : this.#rootOf(directory);
    if (root === undefined) return undefined;
    let packages = this.#byRoot.get(root);
    if (packages === undefined) {
      packages = readPackages(root);
      this.#byRoot.set(root, packages);
    }
    return packages.get(packageName);
  }

  #rootOf(directory: string): string | undefined {
    if (this.#roots.has(directory)) return this.#roots.get(directory);
    const [parent] = ancestors(directory);
    const isRoot = workspaceGlobs(directory).length > 0;
    const root = isRoot ? directory : parent === undefined ? undefined : this.#rootOf(parent);
    this.#roots.set(directory, root);
    return root;
  }
}

function readPackages(root: string): ReadonlyMap<string, WorkspacePackage> {
  const packages = new Map<string, WorkspacePackage>();
  const patterns = workspaceGlobs(root).map((glob) => `${glob.replace(/\/+$/, '')}/package.json`);
  const found = globSync(patterns, { cwd: root, absolute: true, ignore: ['**/node_modules/**'] });
  for (const path of found.map(toPortable).sort()) {
    const manifest = readJson(path);
    if (typeof manifest?.name !== 'string') continue;
    const entries = [manifest.source, manifest.module, manifest.main, manifest.types];
    packages.set(manifest.name, {
      directory: path.slice(0, -'/package.json'.length),
      entries: [...entries, ...rootExports(manifest.exports)].filter((entry) => typeof entry === 'string'),
    });
  }
  return packages;
}

/** The paths of `exports["."]`, whatever their conditions. */
function rootExports(exports: unknown): string[] {
  if (typeof exports === 'string') return [exports];
  if (typeof exports !== 'object' || exports === null) return [];
  const conditions = exports as Record<string, unknown>;
  const root =
    '.' in conditions ? conditions['.'] : Object.keys(conditions).some((key) => key.startsWith('.')) ? {} : conditions;
  return typeof root === 'string' ? [root] : Object.values(root as object).flatMap((value) => rootExports(value));
}

function workspaceGlobs(directory: string): readonly string[] {
  const { workspaces } = readJson(join(directory, 'package.json')) ?? {};
  const listed = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages;
  const globs = Array.isArray(listed) ? listed : pnpmGlobs(join(directory, 'pnpm-workspace.yaml'));
  return globs.filter((glob): glob is string => typeof glob === 'string' && !glob.startsWith('!'));
}

/** The list under `packages:`; this much YAML needs no library. */
function pnpmGlobs(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const list = /^packages:[^\S\n]*\n((?:[^\S\n]*(?:-.*|#.*)?\n?)*)/m.exec(readText(path) ?? '')?.[1] ?? '';
  return [...list.matchAll(/^\s*-\s*(['"]?)(.+?)\1\s*(?:#.*)?$/gm)].map((match) => match[2] ?? '');
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readText(path) ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
