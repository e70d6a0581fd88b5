import type { Semantics } from './semantics.ts';

/**
 * Remembers answers in which other files have a part. They go with the engine that gave them, when any file changes; what
 * a file says by itself can stay with its unit.
 */
export class Answers<Key extends object, Answer> {
  readonly #known = new WeakMap<Semantics, Map<Key, Answer>>();

  /** The answer for a key; `find` is asked for it once. Who asks again while it is sought gets what holds meanwhile. */
  of(semantics: Semantics, key: Key, find: () => Answer, meanwhile?: Answer): Answer {
    const known = this.#known.get(semantics) ?? new Map<Key, Answer>();
    this.#known.set(semantics, known);
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Answer;
    if (meanwhile !== undefined) known.set(key, meanwhile);
    const answer = find();
    known.set(key, answer);
    return answer;
  }
}
