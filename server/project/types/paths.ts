import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sourceExtension = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Whether the compilers may be asked about the file. 7.0.2 panics on others (`.vue`), and takes its child down. */
export function isSourcePath(path: string): boolean {
  return sourceExtension.test(path);
}

/** Whether the file is one of the compiler's own libraries, e.g. `lib.dom.d.ts`. */
export function isDefaultLibrary(path: string): boolean {
  return /\/node_modules\/(?:@typescript\/typescript-[^/]+|typescript(?:-native)?)\/lib\/lib\.[^/]*d\.ts$/.test(path);
}

/** The directory above a path with `/`; `undefined` above a root. */
export function parentDirectory(path: string): string | undefined {
  const at = path.lastIndexOf('/');
  if (at < 0 || at === path.length - 1) {
    return undefined;
  }
  const parent = path.slice(0, at);
  return parent === '' || parent.endsWith(':') ? `${parent}/` : parent;
}

/** Joins a directory and a name, also at a root. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** Whether two spellings of a path that differ in case mean two files here. */
export const caseSensitive = detectCaseSensitivity();

/** The form of a path under which caches file it. */
export function pathKey(path: string): string {
  return caseSensitive ? path : path.toLowerCase();
}

function detectCaseSensitivity(): boolean {
  const own = fileURLToPath(import.meta.url);
  const swapped = own === own.toUpperCase() ? own.toLowerCase() : own.toUpperCase();
  return !existsSync(swapped);
}
