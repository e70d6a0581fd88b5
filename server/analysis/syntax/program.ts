import type ts from 'typescript';
import type { Host } from '../host.ts';
import { parseUnit, reparseUnit, type SourceUnit } from './unit.ts';

/** A test of a text for a word. */
export interface TextTest {
  /** What holds whatever the word; asked once for each text, and first. */
  readonly text?: (text: string) => boolean;
  readonly word?: (text: string, word: string) => boolean;
  /** All words of ASCII characters for which it holds, where they are found in one go. */
  readonly words?: (text: string) => ReadonlySet<string>;
}

interface Said {
  readonly text: string;
  readonly answers: Map<TextTest, Answered>;
}

interface Answered {
  readonly text: boolean;
  readonly words: Map<string, boolean>;
  readonly all: ReadonlySet<string> | undefined;
}

const isAscii = /^[\w$]+$/;

/** The parsed files of one host. Files are parsed when first asked for and again when their text changed. */
export class Program {
  readonly host: Host;
  readonly #units = new Map<string, SourceUnit | undefined>();
  readonly #byFile = new WeakMap<ts.SourceFile, SourceUnit>();
  readonly #readers: Set<string>[] = [];
  readonly #said = new Map<string, Said>();
  /** The file that was forgotten last: an edit parses it again, and most of its tree can stay. */
  #forgotten: SourceUnit | undefined;
  #generation = 0;
  /** Files that may declare something else than when they were last asked about. */
  readonly #redeclared = new Set<string>();

  constructor(host: Host) {
    this.host = host;
  }

  unit(path: string): SourceUnit | undefined {
    for (const reads of this.#readers) reads.add(path);
    if (this.#units.has(path)) return this.#units.get(path);
    const text = this.host.read(path);
    const unit = text === undefined ? undefined : this.#parse(path, text);
    if (unit) this.#byFile.set(unit.file, unit);
    this.#units.set(path, unit);
    return unit;
  }

  /** The unit that a node of one of this program's trees belongs to. */
  unitOf(node: ts.Node): SourceUnit {
    const unit = this.#byFile.get(node.getSourceFile());
    if (!unit) throw new Error('the node belongs to no file of this program');
    return unit;
  }

  /** The project file that an import means; `undefined` for packages and what cannot be resolved. */
  imported(from: SourceUnit, specifier: string): SourceUnit | undefined {
    const path = this.host.resolve(from.path, specifier);
    return path === undefined ? undefined : this.unit(path);
  }

  /** What a test of a file's bare text says of a word, kept as long as the text is the same. */
  textSays(path: string, test: TextTest, word: string): boolean {
    const text = this.host.read(path) ?? '';
    let known = this.#said.get(path);
    if (known?.text !== text) {
      known = { text, answers: new Map() };
      this.#said.set(path, known);
    }
    let said = known.answers.get(test);
    if (!said) {
      said = { text: test.text?.(text) ?? true, words: new Map(), all: test.words?.(text) };
      known.answers.set(test, said);
    }
    if (!said.text || !test.word) return said.text;
    if (said.all && isAscii.test(word)) return said.all.has(word);
    let answer = said.words.get(word);
    if (answer === undefined) {
      answer = test.word(text, word);
      said.words.set(word, answer);
    }
    return answer;
  }

  /** Drops a file's tree. Nobody may use its nodes from now on: they may move into the tree of the next text. */
  forget(path: string): void {
    this.#forgotten = this.#units.get(path) ?? this.#forgotten;
    this.#units.delete(path);
  }

  /** Changes whenever nodes of an old tree moved into a new one; what holds on to nodes has to compare it. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Whether a file that was edited may declare something else to other files than when this was last asked; asked of a
   * file that was never parsed, or whose tree was lost, it may.
   */
  isRedeclared(path: string): boolean {
    return this.unit(path) === undefined || this.#redeclared.delete(path);
  }

  #parse(path: string, text: string): SourceUnit {
    const previous = this.#forgotten?.path === path ? this.#forgotten : undefined;
    if (!previous) {
      this.#redeclared.add(path);
      return parseUnit(path, text);
    }
    this.#forgotten = undefined;
    this.#generation += 1;
    const { unit, declaresTheSame } = reparseUnit(previous, text);
    if (!declaresTheSame) this.#redeclared.add(path);
    return unit;
  }

  /** Runs `compute` and tells which files it looked at, so that its result can be dropped when one of them changes. */
  recording<T>(compute: () => T): { readonly value: T; readonly reads: ReadonlySet<string> } {
    const reads = new Set<string>();
    this.#readers.push(reads);
    try {
      return { value: compute(), reads };
    } finally {
      this.#readers.pop();
    }
  }
}
