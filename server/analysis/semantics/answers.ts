import type { Semantics } from './semantics.ts';

/**
 * Remembers answers in which other files have a part. They go with the engine that gave them, when any file changes; what
 * a file says by itself can stay with its unit.
 */
export class Answers<Key extends object, Answer> {
  readonly #known = new WeakMap<Semantics, Map<Key, Answer>>();

  /** The answer for a key; `find` is asked for it once. */
  of(semantics: Semantics, key: Key, find: () => Answer): Answer {
    const known = this.#known.get(semantics) ?? new Map<Key, Answer>();
    this.#known.set(semantics, known);
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Answer;
    const answer = find();
    known.set(key, answer);
    return answer;
  }
}
