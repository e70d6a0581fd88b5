import { existsSync, statSync } from 'node:fs';
import { GitIgnore } from './gitignore.ts';
import { ancestors, comparePaths, join, within } from './paths.ts';
import { isSourceFile } from './sourceKinds.ts';
import type { SourceStore } from './sourceStore.ts';
import { walk } from './walk.ts';
import { hasWord, type WordSet, wordHash, wordsOf } from './words.ts';

/** Above this, looking through all files takes longer than anybody waits for what rules learn from it. */
const maximumFiles = 50_000;

const silent = (): void => {};

/**
 * The source files of the project that a file belongs to, whatever part of it is being checked: those of its repository,
 * without what Git ignores. Outside a repository: of the widest package around it, or of the directory that was pointed at.
 */
export class ProjectFiles {
  readonly #store: SourceStore;
  readonly #limit: number;
  #gitIgnore: GitIgnore | undefined;
  /** Directories that the user pointed at. */
  #bases: readonly string[] = [];
  /** By directory: the root of its project. */
  #roots = new Map<string, string>();
  /** By root: the files below it, sorted; `undefined` when there are too many. */
  readonly #files = new Map<string, Set<string> | undefined>();
  readonly #words = new Map<string, WordSet>();
  /** By root: its files in order, and the words of each. */
  readonly #tables = new Map<string, { readonly paths: readonly string[]; readonly words: readonly WordSet[] }>();
  /** By root and word. */
  readonly #answers = new Map<string, Map<string, readonly string[]>>();

  constructor(store: SourceStore, limit = maximumFiles) {
    this.#store = store;
    this.#limit = limit;
  }

  /** Says what is looked at, and whether what Git ignores is left out. */
  lookAt(directories: readonly string[], gitIgnore: boolean): void {
    this.#bases = [...new Set([...this.#bases, ...directories])].sort((a, b) => a.length - b.length);
    this.#gitIgnore = gitIgnore ? new GitIgnore(this.#bases) : undefined;
    this.#forgetFiles();
  }

  /**
   * The files of the project of `from` whose text, unsaved or on disk, holds `word` as a whole identifier, in the order
   * of their paths. `undefined` when the project is too large to be looked through.
   */
  mentioning(from: string, word: string): readonly string[] | undefined {
    const root = this.#rootOf(from);
    const answers = this.#answers.get(root) ?? new Map<string, readonly string[]>();
    this.#answers.set(root, answers);
    const files = this.#filesOf(root);
    if (files === undefined) return undefined;
    let answer = answers.get(word);
    if (answer === undefined) {
      const { paths, words } = this.#tableOf(root, files);
      const hash = wordHash(word);
      answer = paths.filter((_, index) => hasWord(words[index] as WordSet, hash));
      answers.set(word, answer);
    }
    if (files.has(from) || !hasWord(this.#wordsOf(from), wordHash(word))) return answer;
    return [...answer, from].sort(comparePaths);
  }

  /** Drops what was derived from the texts of these files and, unless only texts changed, from whether they exist. */
  changed(paths: Iterable<string>, what: 'text' | 'files'): void {
    this.#tables.clear();
    for (const path of paths) {
      this.#words.delete(path);
      const source = isSourceFile(path);
      if (source) {
        this.#cameOrWent(path);
        this.#answerAnew(path);
      }
      // A directory came or went, or what is ignored changed.
      else if (what === 'files') this.#forgetFiles();
    }
  }

  /** Puts a file into the answers that it belongs to now: an edit changes few words, and there are many files. */
  #answerAnew(path: string): void {
    for (const [root, files] of this.#files) {
      if (within(root, path) === undefined) continue;
      for (const [word, answer] of this.#answers.get(root) ?? []) {
        const isIn = files?.has(path) === true && hasWord(this.#wordsOf(path), wordHash(word));
        if (isIn === answer.includes(path)) continue;
        const changed = isIn ? [...answer, path].sort(comparePaths) : answer.filter((each) => each !== path);
        this.#answers.get(root)?.set(word, changed);
      }
    }
  }

  #cameOrWent(path: string): void {
    const exists = this.#store.unsaved(path) !== undefined || isFile(path);
    for (const [root, files] of this.#files) {
      if (within(root, path) === undefined) continue;
      if (files === undefined) this.#files.delete(root);
      else if (exists && this.#belongs(root, path)) files.add(path);
      else files.delete(path);
    }
  }

  #belongs(root: string, path: string): boolean {
    if (path.slice(root.length).includes('/node_modules/')) return false;
    const gitIgnore = this.#ignoring(root);
    return gitIgnore === undefined || gitIgnore.ignoredBy(path, false) === undefined;
  }

  /** A directory that was pointed at although it is ignored is walked all the same. */
  #ignoring(root: string): GitIgnore | undefined {
    return this.#gitIgnore?.ignoredBy(root, true) === undefined ? this.#gitIgnore : undefined;
  }

  #forgetFiles(): void {
    this.#roots = new Map();
    this.#files.clear();
    this.#tables.clear();
    this.#answers.clear();
    if (this.#gitIgnore !== undefined) this.#gitIgnore = new GitIgnore(this.#bases);
  }

  #tableOf(root: string, files: ReadonlySet<string>): { paths: readonly string[]; words: readonly WordSet[] } {
    let table = this.#tables.get(root);
    if (table === undefined) {
      const paths = [...files].sort(comparePaths);
      table = { paths, words: paths.map((path) => this.#wordsOf(path)) };
      this.#tables.set(root, table);
    }
    return table;
  }

  #wordsOf(path: string): WordSet {
    let words = this.#words.get(path);
    if (words === undefined) {
      const read = this.#store.peek(path);
      words = 'text' in read ? wordsOf(read.text) : new Int32Array();
      this.#words.set(path, words);
    }
    return words;
  }

  #filesOf(root: string): Set<string> | undefined {
    if (!this.#files.has(root)) this.#files.set(root, this.#list(root));
    return this.#files.get(root);
  }

  #list(root: string): Set<string> | undefined {
    const files = new Set<string>();
    let directories = 0;
    walk(root, this.#ignoring(root), {
      file: (path) => files.add(path),
      skipped: silent,
      failed: silent,
      enough: () => files.size > this.#limit || ++directories > this.#limit,
    });
    if (directories > this.#limit) return undefined;
    for (const path of this.#store.unsavedTexts().keys()) {
      if (isSourceFile(path) && within(root, path) !== undefined && this.#belongs(root, path)) files.add(path);
    }
    return files.size > this.#limit ? undefined : files;
  }

  #rootOf(path: string): string {
    const directory = path.slice(0, path.lastIndexOf('/')) || '/';
    let root = this.#roots.get(directory);
    if (root === undefined) {
      root = this.#findRoot(path, directory);
      this.#roots.set(directory, root);
    }
    return root;
  }

  #findRoot(path: string, directory: string): string {
    const base = this.#bases.find((each) => within(each, path) !== undefined);
    let widest: string | undefined;
    for (const each of ancestors(path)) {
      if (existsSync(join(each, '.git'))) {
        // Somebody who points at an ignored directory wants to see that one.
        const ignored = base !== undefined && within(each, base) !== undefined && this.#ignoring(base) === undefined;
        return ignored && this.#gitIgnore !== undefined ? base : each;
      }
      if (existsSync(join(each, 'package.json'))) widest = each;
    }
    return widest ?? base ?? directory;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
