import { type Dirent, readdirSync } from 'node:fs';
import { isSourcePath, joinPath, parentDirectory } from './paths.ts';

/** Reading a directory of thousands of generated scripts costs more than its types are worth. */
const mostNeighbours = 200;

/** Files that no configuration lists and that share a program. */
export interface LooseGroup {
  readonly files: Set<string>;
  /** Source files of the same package that may join them. */
  readonly others: Iterator<string>;
}

/**
 * Adds a file with its directory, and from the second time on as many others as there are already: each growth makes a
 * new program, and one for each directory of tests would cost more than all that is asked of them.
 */
export function grow({ files, others }: LooseGroup, path: string, isListed: (path: string) => boolean): void {
  let further = files.size;
  files.add(path);
  const neighbours = entriesOf(parentDirectory(path) ?? '/')
    .map(({ name }) => joinPath(parentDirectory(path) ?? '/', name))
    .filter((each) => isSourcePath(each) && !isListed(each));
  for (const each of neighbours.slice(0, mostNeighbours)) {
    files.add(each);
  }
  while (further > 0) {
    const { value, done } = others.next();
    if (done) {
      return;
    }
    if (!files.has(value) && !isListed(value)) {
      files.add(value);
      further -= 1;
    }
  }
}

/** The source files below a directory that belong to no package or project further down, nearest first. */
export function* sourcesBelow(root: string): Generator<string, undefined> {
  const pending = [root];
  for (let directory = pending.shift(); directory !== undefined; directory = pending.shift()) {
    const entries = entriesOf(directory);
    const isOfOthers = entries.some(({ name }) => /^(?:package|[tj]sconfig)\.json$/.test(name));
    if (isOfOthers && directory !== root) {
      continue;
    }
    for (const entry of entries) {
      const path = joinPath(directory, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
        pending.push(path);
      } else if (entry.isFile() && isSourcePath(path)) {
        yield path;
      }
    }
  }
  return undefined;
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
