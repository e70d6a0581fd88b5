import { readFileSync } from 'node:fs';
import { isDefaultLibrary } from './paths.ts';

/** The package that a file belongs to, and the directory that holds it. */
export interface PackageOfFile {
  readonly name: string;
  readonly directory: string;
}

const segment = '/node_modules/';

/**
 * Reads the package off the last `node_modules` segment of a real path; `undefined` for the project's own code,
 * which includes workspace packages, because a real path shows where a link leads.
 * Compiler libraries (`lib.dom.d.ts`) are answered as `typescript`, whichever package carries them.
 */
export function packageOfFile(file: string): PackageOfFile | undefined {
  const at = file.lastIndexOf(segment);
  if (isDefaultLibrary(file)) {
    return { name: 'typescript', directory: file.slice(0, file.lastIndexOf('/lib/')) };
  }
  if (at < 0) {
    return undefined;
  }
  const start = at + segment.length;
  const parts = file.slice(start).split('/');
  const scoped = parts[0]?.startsWith('@') === true;
  const name = parts.slice(0, scoped ? 2 : 1).join('/');
  if (name === '' || parts.length < (scoped ? 3 : 2)) {
    return undefined;
  }
  return { name: libraryName(name), directory: file.slice(0, start + name.length) };
}

/** The library that a package of declarations describes: `@types/pg` → `pg`, `@types/a__b` → `@a/b`. */
function libraryName(name: string): string {
  if (!name.startsWith('@types/')) {
    return name;
  }
  const described = name.slice('@types/'.length);
  const separator = described.indexOf('__');
  return separator < 0 ? described : `@${described.slice(0, separator)}/${described.slice(separator + 2)}`;
}

/** Reads versions of installed packages, each once until `forget`. */
export class PackageVersions {
  readonly #known = new Map<string, string | undefined>();

  /** The `version` in the directory's package.json; `undefined` when there is none. */
  of(directory: string): string | undefined {
    if (!this.#known.has(directory)) {
      this.#known.set(directory, readVersion(directory));
    }
    return this.#known.get(directory);
  }

  /** To be called when a package.json may have changed. */
  forget(): void {
    this.#known.clear();
  }
}

/** The `version` in the package.json of a directory, read anew. */
export function readVersion(directory: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
    const version = (manifest as { version?: unknown } | null)?.version;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
