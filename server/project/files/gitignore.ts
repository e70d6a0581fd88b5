import { existsSync, readFileSync, statSync } from 'node:fs';
import ignore, { type Ignore } from 'ignore';
import { ancestors, join, within } from './paths.ts';
import { errorCode } from './systemErrors.ts';

// As Git sets `core.ignorecase` when it creates a repository.
const caseInsensitive = process.platform === 'win32' || process.platform === 'darwin';

/** One file with patterns in gitignore syntax, and the directory that they are relative to. */
interface PatternFile {
  readonly shown: string;
  readonly directory: string;
  readonly patterns: Ignore;
}

/**
 * Answers what Git would ignore: nested `.gitignore` files from the root of the repository down, then
 * `.git/info/exclude`. Outside a repository the `.gitignore` files from the widest base down count.
 */
export class GitIgnore {
  readonly #bases: readonly string[];
  readonly #files = new Map<string, PatternFile | undefined>();
  readonly #roots = new Map<string, string | undefined>();
  readonly #directories = new Map<string, string | undefined>();

  constructor(bases: readonly string[]) {
    this.#bases = [...bases].sort((a, b) => a.length - b.length);
  }

  /** The name of the file whose pattern ignores the path, or one of the directories around it; `undefined` otherwise. */
  ignoredBy(path: string, directory: boolean): string | undefined {
    const parent = parentOf(path);
    if (parent === undefined) return undefined;
    const root = this.#root(parent);
    if (within(root, path) === undefined) return undefined;
    return this.#directoryIgnored(parent, root) ?? this.#decide(path, directory, root);
  }

  #directoryIgnored(directory: string, root: string): string | undefined {
    if (directory === root || within(root, directory) === undefined) return undefined;
    if (this.#directories.has(directory)) return this.#directories.get(directory);
    const parent = parentOf(directory);
    const answer =
      (parent === undefined ? undefined : this.#directoryIgnored(parent, root)) ?? this.#decide(directory, true, root);
    this.#directories.set(directory, answer);
    return answer;
  }

  /** The pattern file nearest to the path decides; within a file the last pattern that matches. */
  #decide(path: string, directory: boolean, root: string): string | undefined {
    for (const level of ancestors(path)) {
      const answer = verdict(this.#patternFile(level), path, directory);
      if (answer !== undefined) return answer.by;
      if (level === root) break;
    }
    return verdict(this.#excludeFile(root), path, directory)?.by;
  }

  #patternFile(directory: string): PatternFile | undefined {
    const path = join(directory, '.gitignore');
    return this.#memo(path, () => readPatterns(path, directory, '.gitignore'));
  }

  #excludeFile(root: string): PatternFile | undefined {
    const path = join(root, '.git/info/exclude');
    return this.#memo(path, () => readPatterns(path, root, '.git/info/exclude'));
  }

  #memo(key: string, read: () => PatternFile | undefined): PatternFile | undefined {
    if (!this.#files.has(key)) this.#files.set(key, read());
    return this.#files.get(key);
  }

  /** The repository's root around a directory, or else the widest base that contains it, or else the directory. */
  #root(directory: string): string {
    const repository = this.#repository(directory);
    if (repository !== undefined) return repository;
    return this.#bases.find((base) => directory === base || within(base, directory) !== undefined) ?? directory;
  }

  #repository(directory: string): string | undefined {
    if (this.#roots.has(directory)) return this.#roots.get(directory);
    const parent = parentOf(directory);
    // `.git` is a file in worktrees and submodules.
    const found = existsSync(join(directory, '.git'))
      ? directory
      : parent === undefined
        ? undefined
        : this.#repository(parent);
    this.#roots.set(directory, found);
    return found;
  }
}

function verdict(file: PatternFile | undefined, path: string, directory: boolean): { by?: string } | undefined {
  const name = file === undefined ? undefined : within(file.directory, path);
  if (file === undefined || name === undefined) return undefined;
  const answer = file.patterns.test(directory ? `${name}/` : name);
  if (answer.ignored && !isInherited(file, name)) return { by: file.shown };
  return answer.unignored ? {} : undefined;
}

/**
 * Whether the file's patterns only reach the path through its directory. Git decides directories by themselves: one that
 * a nearer file took in again does not hand on what this file said of it.
 */
function isInherited({ patterns }: PatternFile, name: string): boolean {
  const slash = name.lastIndexOf('/');
  if (slash < 0 || !patterns.test(`${name.slice(0, slash)}/`).ignored) return false;
  // A pattern without a slash that matches the name itself still counts.
  return !patterns.test(name.slice(slash + 1)).ignored;
}

function readPatterns(path: string, directory: string, shown: string): PatternFile | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return { shown, directory, patterns: ignore({ ignorecase: caseInsensitive }).add(readFileSync(path, 'utf8')) };
  } catch (error) {
    // Git passes over an ignore file that it cannot read as well.
    if (errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

function parentOf(path: string): string | undefined {
  for (const parent of ancestors(path)) return parent;
  return undefined;
}
