import { type TokenFact, type TokenQuery, type TypeBackend, unknownFact } from '../../analysis/facts.ts';
import { isSourcePath } from '../types/paths.ts';
import type { TypeTier, TypeTierProblem } from '../types/typeTier.ts';

/** Starts the type tier at the first question that needs it; without one, nothing is known. */
export class LazyTypeTier {
  readonly #create: (() => TypeTier) | undefined;
  readonly #pending = new Map<string, string | undefined>();
  #tier: TypeTier | undefined;
  /** While true, nothing is known and nothing is started: for answers that must not wait for a compiler. */
  held = false;
  #milliseconds = 0;
  /** Answers by file and query, for the state of the files that the tier knows. */
  readonly #answers = new Map<string, Map<string, TokenFact>>();
  /** Files that were edited since the answers were last known to hold. */
  readonly #edited = new Set<string>();
  readonly #isRedeclared: (path: string) => boolean;
  /** The file being checked, and those whose last checks asked anything. */
  #checked: string | undefined;
  readonly #asking = new Set<string>();

  /**
   * @param create Absent when types are switched off.
   * @param isRedeclared Whether types in other files may have changed with an edit of this one.
   */
  constructor(create: (() => TypeTier) | undefined, isRedeclared: (path: string) => boolean) {
    this.#create = create;
    this.#isRedeclared = isRedeclared;
  }

  /** Which back-end answers; `undefined` as long as nobody has asked anything. */
  get backend(): TypeBackend | undefined {
    return this.#tier?.backend;
  }

  /** Which back-end would answer, also when there was nothing to ask. */
  get available(): TypeBackend {
    return this.#started()?.backend ?? 'none';
  }

  /** Time spent waiting for answers. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  facts(path: string, queries: readonly TokenQuery[]): readonly TokenFact[] {
    if (queries.length === 0) return [];
    if (this.held) return queries.map(() => unknownFact);
    this.#dropOutdated();
    let known = this.#answers.get(path);
    if (known === undefined) {
      known = new Map();
      this.#answers.set(path, known);
    }
    const open = queries.filter((query) => !known.has(keyOf(query)));
    if (open.length > 0) {
      if (this.#checked !== undefined) this.#asking.add(this.#checked);
      const started = performance.now();
      const facts = this.#started()?.facts(path, open) ?? [];
      for (const [index, query] of open.entries()) known.set(keyOf(query), facts[index] ?? unknownFact);
      this.#milliseconds += performance.now() - started;
    }
    return queries.map((query) => known.get(keyOf(query)) ?? unknownFact);
  }

  /** A check of the file begins. One that needed types before the last edit will need them now. */
  expect(path: string): void {
    this.#checked = path;
    if (!this.held && this.#asking.delete(path)) this.#tier?.expect(path);
  }

  update(changed: ReadonlyMap<string, string | undefined>): void {
    for (const path of changed.keys()) {
      this.#answers.delete(path);
      this.#edited.add(path);
    }
    if (this.#tier !== undefined) this.#tier.update(changed);
    else for (const [path, text] of changed) this.#pending.set(path, text);
  }

  /** Answers about other files outlive an edit that none of them can see. */
  #dropOutdated(): void {
    if (this.#edited.size === 0) return;
    // Each has to be asked: it answers for the time since.
    const redeclared = [...this.#edited].filter((path) => !isSourcePath(path) || this.#isRedeclared(path));
    if (redeclared.length > 0) this.#answers.clear();
    this.#edited.clear();
  }

  /** Type errors that the text would bring into the file; none as long as types cannot tell. */
  newErrors(...edit: Parameters<TypeTier['newErrors']>): ReturnType<TypeTier['newErrors']> {
    return this.held ? undefined : this.#started()?.newErrors(...edit);
  }

  problems(): readonly TypeTierProblem[] {
    return this.#tier?.problems() ?? [];
  }

  close(): void {
    this.#tier?.close();
    this.#tier = undefined;
  }

  #started(): TypeTier | undefined {
    if (this.#tier === undefined && this.#create !== undefined) {
      this.#tier = this.#create();
      if (this.#pending.size > 0) this.#tier.update(this.#pending);
      this.#pending.clear();
    }
    return this.#tier;
  }
}

function keyOf({ position, aspects }: TokenQuery): string {
  return `${position} ${aspects.join()}`;
}
