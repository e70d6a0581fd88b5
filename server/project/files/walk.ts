import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import type { GitIgnore } from './gitignore.ts';
import { comparePaths, join, toPortable } from './paths.ts';
import { isSourceFile } from './sourceKinds.ts';
import { describeError } from './systemErrors.ts';

/** Receives what a walk meets. Paths are absolute and portable. */
export interface WalkVisitor {
  file(path: string, link: boolean): unknown;
  skipped(path: string, reason: string): unknown;
  failed(path: string, message: string): unknown;
  /** Asked before each directory: whether to go no further. */
  enough?(): boolean;
}

const neverEntered = new Set(['node_modules', '.git']);

/**
 * Finds the source files below a directory in a fixed order. Links to directories are not followed: their targets are
 * found where they are, and loops cannot arise. Links to files are, because build sandboxes consist of them.
 */
export function walk(root: string, gitIgnore: GitIgnore | undefined, visitor: WalkVisitor): void {
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    if (visitor.enough?.()) return;
    const entries = list(directory, visitor);
    const directories: string[] = [];
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (neverEntered.has(entry.name)) continue;
        const ignoredBy = gitIgnore?.ignoredBy(path, true);
        if (ignoredBy === undefined) directories.push(path);
        else visitor.skipped(path, `ignored by ${ignoredBy}`);
      } else if (entry.isSymbolicLink()) {
        visitLink(path, entry.name, gitIgnore, visitor);
      } else if (isSourceFile(entry.name)) {
        visitFile(path, entry.isFile(), false, gitIgnore, visitor);
      }
    }
    pending.push(...directories.reverse());
  }
}

function list(directory: string, visitor: WalkVisitor): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => comparePaths(a.name, b.name));
  } catch (error) {
    visitor.failed(directory, describeError(error));
    return [];
  }
}

function visitFile(
  path: string,
  regular: boolean,
  link: boolean,
  gitIgnore: GitIgnore | undefined,
  visitor: WalkVisitor,
): void {
  const ignoredBy = gitIgnore?.ignoredBy(path, false);
  if (ignoredBy !== undefined) visitor.skipped(path, `ignored by ${ignoredBy}`);
  else if (regular) visitor.file(path, link);
  else visitor.skipped(path, 'not a regular file');
}

function visitLink(path: string, name: string, gitIgnore: GitIgnore | undefined, visitor: WalkVisitor): void {
  if (neverEntered.has(name)) return;
  let directory: boolean;
  let regular: boolean;
  try {
    const target = statSync(path);
    directory = target.isDirectory();
    regular = target.isFile();
  } catch (error) {
    if (!isSourceFile(name)) return;
    if (gitIgnore?.ignoredBy(path, false) === undefined) {
      visitor.failed(path, `cannot follow the symbolic link: ${describeError(error)}`);
    }
    return;
  }
  if (directory) visitor.skipped(path, 'symbolic link to a directory');
  else if (isSourceFile(name)) visitFile(path, regular, true, gitIgnore, visitor);
}

/** The path with all links resolved; the path itself when that fails. */
export function realPath(path: string): string {
  try {
    return toPortable(realpathSync.native(path));
  } catch {
    return path;
  }
}
