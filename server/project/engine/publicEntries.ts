import { existsSync, readFileSync } from 'node:fs';
import { ancestors, join } from '../files/paths.ts';

/** What a package.json names for others to import; paths as written. */
export interface PublicEntries {
  readonly directory: string;
  readonly entries: readonly string[];
}

/** The entries of the package that a file belongs to. `undefined`: there is none, or any of its files may be imported. */
export function publicEntries(path: string): PublicEntries | undefined {
  for (const directory of ancestors(path)) {
    const manifest = readManifest(join(directory, 'package.json'));
    // A file that only says `"type": "module"` makes no package.
    if (manifest === undefined || (manifest.name === undefined && manifest.private === undefined)) continue;
    if (manifest.private === true) return { directory, entries: [] };
    const { main, module, source, exports } = manifest;
    const named = [main, module, source, ...pathsIn(exports)].filter((entry) => typeof entry === 'string');
    const entries = named.filter((entry) => !/\.(?:json|d\.[cm]?ts|css|wasm)$/.test(entry));
    if (entries.some((entry) => entry.includes('*'))) return undefined;
    if (isStarted(manifest) && !entries.some((entry) => existsSync(join(directory, entry))))
      return { directory, entries: [] };
    // What names nothing offers its `index`, if there is one: a service has none.
    const index = ['index.js', 'index.ts', 'index.cjs', 'index.mjs'].filter((name) =>
      existsSync(join(directory, name)),
    );
    return { directory, entries: entries.length === 0 ? index : [...new Set(entries)] };
  }
  return undefined;
}

/** Whether a package is a program that is started where it lies; `npm init` gives that one a `main`, too. */
function isStarted({ scripts, ...fields }: Record<string, unknown>): boolean {
  const start = (scripts as Record<string, unknown> | null | undefined)?.start;
  const forOthers = ['module', 'exports', 'types', 'typings', 'files', 'publishConfig', 'browser', 'bin'];
  return typeof start === 'string' && forOthers.every((field) => fields[field] === undefined);
}

/** All paths in an `exports` field, under whatever conditions and names. */
function pathsIn(exports: unknown): readonly unknown[] {
  if (typeof exports !== 'object' || exports === null) return [exports];
  return Object.values(exports).flatMap(pathsIn);
}

function readManifest(path: string): Record<string, unknown> | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? (manifest as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
