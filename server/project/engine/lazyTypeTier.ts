import { type TokenFact, type TokenQuery, type TypeBackend, unknownFact } from '../../analysis/facts.ts';
import type { TypeTier, TypeTierProblem } from '../types/typeTier.ts';

/** Starts the type tier at the first question that needs it; without one, nothing is known. */
export class LazyTypeTier {
  readonly #create: (() => TypeTier) | undefined;
  readonly #pending = new Map<string, string | undefined>();
  #tier: TypeTier | undefined;
  /** While true, nothing is known and nothing is started: for answers that must not wait for a compiler. */
  held = false;
  #milliseconds = 0;

  /** @param create Absent when types are switched off. */
  constructor(create: (() => TypeTier) | undefined) {
    this.#create = create;
  }

  /** Which back-end answers; `undefined` as long as nobody has asked anything. */
  get backend(): TypeBackend | undefined {
    return this.#tier?.backend;
  }

  /** Time spent waiting for answers. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  facts(path: string, queries: readonly TokenQuery[]): readonly TokenFact[] {
    if (queries.length === 0) return [];
    if (this.held) return queries.map(() => unknownFact);
    const started = performance.now();
    const tier = this.#started();
    const facts = tier === undefined ? queries.map(() => unknownFact) : tier.facts(path, queries);
    this.#milliseconds += performance.now() - started;
    return facts;
  }

  update(changed: ReadonlyMap<string, string | undefined>): void {
    if (this.#tier !== undefined) this.#tier.update(changed);
    else for (const [path, text] of changed) this.#pending.set(path, text);
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
