interface Frame<T> {
  readonly key: string;
  readonly depth: number;
  /** The shallowest frame whose assumption this one's result rests on. */
  lowest: number;
  assumption: T;
  /** Whether somebody asked for the result while it was being computed. */
  assumed: boolean;
}

/** Results come from finite lattices a few steps high; more rounds mean that an effect flips, and then the last one stands. */
const maxRounds = 8;

/**
 * Memoises mutually recursive computations. A strongly connected component is iterated from `bottom` until the result
 * of its head no longer changes; nothing that rests on an unfinished assumption is kept, so results do not depend on
 * the order of entry. (Components are found as in Tarjan, "Depth-first search and linear graph algorithms", 1972.)
 */
export class Fixpoint<T> {
  readonly #bottom: T;
  readonly #same: (a: T, b: T) => boolean;
  readonly #memo = new Map<string, T>();
  readonly #stack: Frame<T>[] = [];

  constructor(bottom: T, same: (a: T, b: T) => boolean) {
    this.#bottom = bottom;
    this.#same = same;
  }

  solve(key: string, compute: () => T): T {
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const active = this.#stack.find((frame) => frame.key === key);
    if (active) {
      active.assumed = true;
      for (const frame of this.#stack.slice(active.depth)) frame.lowest = Math.min(frame.lowest, active.depth);
      return active.assumption;
    }
    const depth = this.#stack.length;
    const frame: Frame<T> = { key, depth, lowest: depth, assumption: this.#bottom, assumed: false };
    this.#stack.push(frame);
    try {
      return this.#iterate(frame, compute);
    } finally {
      this.#stack.pop();
    }
  }

  #iterate(frame: Frame<T>, compute: () => T): T {
    for (let round = 0; ; round++) {
      frame.assumed = false;
      frame.lowest = frame.depth;
      const result = compute();
      const settled = !frame.assumed || this.#same(result, frame.assumption) || round >= maxRounds;
      if (settled) {
        if (frame.lowest === frame.depth) this.#memo.set(frame.key, result);
        return result;
      }
      frame.assumption = result;
    }
  }
}
