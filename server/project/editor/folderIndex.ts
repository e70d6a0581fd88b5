import type { Analysis } from '../../analysis/check.ts';
import type { FileOptions } from '../../analysis/options.ts';
import type { EngineParts } from '../engine/parts.ts';
import { expand } from '../files/expand.ts';
import { within } from '../files/paths.ts';
import type { SourceStore } from '../files/sourceStore.ts';
import { stampOnDisk } from '../files/stamp.ts';

export interface FolderIndexParts {
  readonly root: string;
  readonly store: SourceStore;
  readonly parts: EngineParts;
  /** The analysis, in a state in which it waits for nobody. */
  readonly analysis: () => Promise<Analysis>;
  /** `undefined`: the file is not analysed. */
  readonly options: (path: string) => FileOptions | undefined;
}

/**
 * The pre-filter of the command line, in slices: which files of a folder may hold findings, and the names of functions
 * that acquire for their callers. Without these names a call of such a function in another file would be overlooked.
 */
export class FolderIndex {
  readonly #parts: FolderIndexParts;
  readonly #names = new Set<string>();
  readonly #candidates = new Set<string>();
  readonly #rejected = new Set<string>();
  /** The state that each file had on disk when it was looked at. */
  readonly #stamps = new Map<string, string | undefined>();
  /** Files that are not analysed because of the configuration. */
  readonly #leftOut = new Set<string>();
  #matches: ((text: string) => boolean) | undefined;
  #toMatch: string[] | undefined;
  #toAsk: string[] = [];
  #grown = false;

  constructor(parts: FolderIndexParts) {
    this.#parts = parts;
  }

  /** How many names are known. */
  get size(): number {
    return this.#names.size;
  }

  get candidates(): readonly string[] {
    return [...this.#candidates].sort();
  }

  /** How many files were looked at. */
  get seen(): number {
    return this.#candidates.size + this.#rejected.size;
  }

  /** The files below a directory: those that were looked at, and those that are there now. */
  filesIn(directory: string): readonly string[] {
    const relative = within(this.#parts.root, directory);
    if (relative === undefined || this.#toMatch === undefined) return [];
    const known = [...this.#stamps.keys()].filter((path) => within(directory, path) !== undefined);
    // A directory that is ignored may hold what a build has made, and a lot of it.
    const isAnalysed = this.#parts.options(`${directory}/any.ts`) !== undefined;
    return isAnalysed ? [...new Set([...known, ...this.#list(relative)])] : known;
  }

  get done(): boolean {
    return this.#toMatch?.length === 0 && this.#toAsk.length === 0 && !this.#grown;
  }

  /** Whether the file's text may hold a finding, as far as names are known. */
  accepts(text: string, options: FileOptions): boolean {
    // Models of the user's own are few: a matcher for them costs less than keeping one for each set.
    const { createPrefilter } = this.#parts.parts;
    if (options.models.length > 0) return createPrefilter(options.models, this.#names)(text);
    this.#matches ??= createPrefilter([], this.#names);
    return this.#matches(text);
  }

  /** Takes over the names that a check of the file brought to light. */
  learn(names: Iterable<string>): void {
    const before = this.#names.size;
    for (const name of names) this.#names.add(name);
    if (this.#names.size === before) return;
    this.#grown = true;
    this.#matches = undefined;
  }

  /** The file came or went, or changed on disk. */
  changed(path: string): void {
    if (within(this.#parts.root, path) === undefined || this.#toMatch === undefined) return;
    this.#candidates.delete(path);
    this.#rejected.delete(path);
    this.#leftOut.delete(path);
    this.#toMatch.push(path);
  }

  /** The file was checked on its own, whether or not it may hold findings; what it brought to light is known. */
  checked(path: string, accepted: boolean): void {
    if (within(this.#parts.root, path) === undefined) return;
    (accepted ? this.#rejected : this.#candidates).delete(path);
    (accepted ? this.#candidates : this.#rejected).add(path);
  }

  /**
   * Lists the folder anew and tells which files came, went or changed since they were looked at: whoever asks for all
   * files means the disk as it is, and not as far as a watcher has told of it.
   */
  outdated(): readonly string[] {
    if (this.#toMatch === undefined) return [];
    const { store } = this.#parts;
    const listed = new Set(this.#list());
    const gone = [...this.#stamps.keys()].filter((path) => !listed.has(path));
    const changed = [...listed].filter(
      (path) => store.unsaved(path) === undefined && this.#stamps.get(path) !== stampOnDisk(path),
    );
    for (const path of gone) this.#stamps.delete(path);
    // What the configuration leaves out may be others now.
    for (const path of this.#stamps.keys()) {
      if ((this.#parts.options(path) === undefined) !== this.#leftOut.has(path)) this.changed(path);
    }
    return [...gone, ...changed];
  }

  /** Looks through everything again: which files belong to the folder may have changed. */
  restart(): void {
    this.#toMatch = undefined;
    this.#toAsk = [];
    this.#candidates.clear();
    this.#rejected.clear();
    this.#stamps.clear();
    this.#leftOut.clear();
  }

  /** Works until everything was looked at or `goOn` says no. What `cancelled` cuts off is done again. */
  async work(goOn: () => boolean, cancelled: () => boolean): Promise<void> {
    this.#toMatch ??= this.#list();
    while (goOn() && !cancelled() && !this.done) {
      const path = this.#toMatch.pop();
      if (path !== undefined) {
        this.#match(path);
        continue;
      }
      const candidate = this.#toAsk.pop();
      if (candidate !== undefined) {
        this.#ask(candidate, await this.#parts.analysis());
        if (cancelled()) this.#toAsk.push(candidate);
      } else {
        // A new name may occur in files that were rejected, and what one file acquires another may hand on.
        this.#grown = false;
        this.#toAsk = [...this.#candidates];
        this.#toMatch = [...this.#rejected];
        this.#rejected.clear();
      }
    }
  }

  #list(part = '.'): string[] {
    const { root } = this.#parts;
    return [...expand([part], { cwd: root, gitIgnore: true, errorOnUnmatched: false }).files];
  }

  #match(path: string): void {
    const options = this.#parts.options(path);
    const read = options === undefined ? undefined : this.#parts.store.peek(path);
    this.#stamps.set(path, read !== undefined && 'text' in read ? read.stamp : stampOnDisk(path));
    if (options === undefined) this.#leftOut.add(path);
    if (options === undefined || read === undefined || !('text' in read)) return;
    if (this.accepts(read.text, options)) {
      this.#candidates.add(path);
      this.#toAsk.push(path);
    } else {
      this.#rejected.add(path);
    }
  }

  #ask(path: string, analysis: Analysis): void {
    const options = this.#parts.options(path);
    if (options === undefined) return;
    try {
      this.learn(analysis.acquiringExports(path, options));
    } catch {
      // The check of that file will tell; for the others it knows no names.
    }
  }
}
