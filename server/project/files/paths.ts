import { isAbsolute, relative, resolve, sep } from 'node:path';

/** The form in which paths travel inside Leakproof: absolute, with `/`. */
export function toPortable(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** An absolute portable path from what a user wrote. */
export function absolute(cwd: string, path: string): string {
  return toPortable(resolve(cwd, path));
}

/** How a path is shown and stored in results: relative to the working directory, with `/`; absolute on another drive. */
export function display(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return toPortable(shown === '' ? '.' : isAbsolute(shown) ? path : shown);
}

/** The directories from the path's parent up to the root, nearest first. */
export function* ancestors(path: string): Generator<string> {
  let directory = path;
  for (;;) {
    const slash = directory.lastIndexOf('/');
    if (slash === -1) return;
    const parent = slash === 0 ? '/' : directory.slice(0, slash);
    if (parent === directory) return;
    yield parent;
    directory = parent;
    if (parent === '/') return;
  }
}

/** Joins a portable directory and a name. */
export function join(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** The path relative to a directory that contains it; `undefined` when it does not. */
export function within(directory: string, path: string): string | undefined {
  const prefix = directory.endsWith('/') ? directory : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** Order of paths in every output: by code units, so that it depends on no locale. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
