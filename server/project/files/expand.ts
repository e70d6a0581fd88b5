import { lstatSync, type Stats, statSync } from 'node:fs';
import picomatch from 'picomatch';
import { GitIgnore } from './gitignore.ts';
import { absolute, comparePaths, toPortable, within } from './paths.ts';
import { isDeclarationFile, isSourceFile } from './sourceKinds.ts';
import { describeError, errorCode } from './systemErrors.ts';
import { realPath, type WalkVisitor, walk } from './walk.ts';

/** A path and what is to be said about it. */
export interface PathNote {
  readonly path: string;
  readonly note: string;
}

/** What the arguments of a command came to. */
export interface Expansion {
  /** Source files, sorted, each once. */
  readonly files: readonly string[];
  /** Those that were named themselves. */
  readonly named: ReadonlySet<string>;
  /** The arguments that are directories. */
  readonly directories: readonly string[];
  readonly skipped: readonly PathNote[];
  /** Wanted but failed, met while walking. */
  readonly errors: readonly PathNote[];
  /** Arguments that failed or matched nothing. */
  readonly unusable: readonly PathNote[];
  /** Arguments that were passed over although they were named. */
  readonly warnings: readonly PathNote[];
}

export interface ExpandOptions {
  readonly cwd: string;
  readonly gitIgnore: boolean;
  /** Whether an argument that matches nothing is an error. */
  readonly errorOnUnmatched: boolean;
}

/**
 * Expands files, directories and globs. An argument that exists is taken literally, whatever characters it holds.
 * A file that is named and ignored is skipped with a warning, as ESLint and Ruff (with `--force-exclude`) do: tools that
 * pass lists of changed files must not circumvent what a project ignores.
 */
export function expand(paths: readonly string[], options: ExpandOptions): Expansion {
  return new Expander(options, paths).run(paths);
}

class Expander implements WalkVisitor {
  readonly #options: ExpandOptions;
  readonly #gitIgnore: GitIgnore | undefined;
  readonly #files = new Set<string>();
  readonly #named = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #skipped = new Map<string, string>();
  readonly #errors = new Map<string, string>();
  readonly #unusable = new Map<string, string>();
  readonly #warnings = new Map<string, string>();
  /** Whether one file may have been reached under two names. */
  #aliases = false;

  constructor(options: ExpandOptions, paths: readonly string[]) {
    this.#options = options;
    const bases = paths.map((path) => absolute(options.cwd, path)).filter((path) => statusOf(path)?.isDirectory());
    this.#gitIgnore = options.gitIgnore ? new GitIgnore([toPortable(options.cwd), ...bases]) : undefined;
  }

  run(paths: readonly string[]): Expansion {
    for (const path of paths) this.#argument(path);
    return {
      files: this.#aliases ? this.#withoutAliases() : [...this.#files].sort(comparePaths),
      named: this.#named,
      directories: [...this.#directories],
      skipped: notes(this.#skipped),
      errors: notes(this.#errors),
      unusable: notes(this.#unusable),
      warnings: notes(this.#warnings),
    };
  }

  file(path: string, link: boolean): void {
    this.#files.add(path);
    if (link) this.#aliases = true;
  }

  skipped(path: string, reason: string): void {
    this.#skipped.set(path, reason);
  }

  failed(path: string, message: string): void {
    this.#errors.set(path, message);
  }

  #argument(written: string): void {
    const path = absolute(this.#options.cwd, written);
    let status: Stats;
    try {
      status = statSync(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && picomatch.scan(toPortable(written)).isGlob) this.#glob(written);
      else if (errorCode(error) !== 'ENOENT' || isLink(path) || this.#options.errorOnUnmatched) {
        this.#unusable.set(path, describeError(error));
      }
      return;
    }
    if (realPath(path) !== path) this.#aliases = true;
    if (status.isDirectory()) this.#directory(path);
    else this.#namedFile(path, status.isFile());
  }

  #directory(path: string): void {
    this.#directories.add(path);
    const before = this.#outcomes();
    // An ignored directory that is named is walked: naming it is no accident of a list of changed files.
    const gitIgnore = this.#gitIgnore?.ignoredBy(path, true) === undefined ? this.#gitIgnore : undefined;
    const failedBefore = this.#errors.has(path);
    walk(path, gitIgnore, this);
    const failure = this.#errors.get(path);
    if (failure !== undefined && !failedBefore) {
      this.#errors.delete(path);
      this.#unusable.set(path, failure);
    } else if (this.#outcomes() === before && this.#options.errorOnUnmatched && !this.#holdsAny(path)) {
      this.#unusable.set(path, 'holds no JavaScript or TypeScript file');
    }
  }

  #namedFile(path: string, regular: boolean): void {
    if (isDeclarationFile(path)) {
      this.#skipped.set(path, 'declaration file');
      return;
    }
    if (!isSourceFile(path)) {
      if (this.#options.errorOnUnmatched) this.#unusable.set(path, 'is no JavaScript or TypeScript file');
      return;
    }
    if (!regular) {
      this.#unusable.set(path, 'not a regular file');
      return;
    }
    const ignoredBy = this.#gitIgnore?.ignoredBy(path, false);
    if (ignoredBy === undefined) {
      this.#files.add(path);
      this.#named.add(path);
    } else {
      this.#skipped.set(path, `ignored by ${ignoredBy}`);
      this.#warnings.set(path, `named, but ignored by ${ignoredBy}; --no-gitignore analyses it all the same`);
    }
  }

  #glob(written: string): void {
    const pattern = absolute(this.#options.cwd, written);
    const { base } = picomatch.scan(pattern);
    const matches = picomatch(pattern, { dot: true });
    let found = false;
    const where = (path: string): boolean => {
      const match = matches(path);
      found ||= match;
      return match;
    };
    if (statusOf(base)?.isDirectory()) {
      walk(base, this.#gitIgnore, {
        file: (path, link) => where(path) && this.file(path, link),
        skipped: (path, reason) => where(path) && this.skipped(path, reason),
        failed: (path, message) => this.failed(path, message),
      });
    }
    if (!found && this.#options.errorOnUnmatched) {
      this.#unusable.set(pattern, 'the glob matches no JavaScript or TypeScript file');
    }
  }

  #outcomes(): number {
    return this.#files.size + this.#skipped.size + this.#errors.size;
  }

  /** Whether an earlier argument already found something below the directory. */
  #holdsAny(directory: string): boolean {
    for (const path of this.#files) if (within(directory, path) !== undefined) return true;
    return false;
  }

  /** A file that is reached under several names is analysed once, under the name that comes first. */
  #withoutAliases(): string[] {
    const kept = new Map<string, string>();
    for (const path of [...this.#files].sort(comparePaths)) {
      const real = realPath(path);
      const first = kept.get(real);
      if (first === undefined || (path === real && first !== real)) {
        if (first !== undefined) this.#alias(first, path);
        kept.set(real, path);
      } else {
        this.#alias(path, first);
      }
    }
    return [...kept.values()].sort(comparePaths);
  }

  #alias(path: string, of: string): void {
    this.#skipped.set(path, `symbolic link to ${of.slice(of.lastIndexOf('/') + 1)}, which is analysed`);
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function notes(map: ReadonlyMap<string, string>): PathNote[] {
  return [...map].map(([path, note]) => ({ path, note })).sort((a, b) => comparePaths(a.path, b.path));
}
