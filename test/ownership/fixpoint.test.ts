import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Fixpoint } from '../../server/analysis/ownership/fixpoint.ts';

/** Which nodes of a graph reach a marked one: a computation whose cycles must come out alike from every entry. */
class Reachability {
  readonly #edges: readonly (readonly number[])[];
  readonly #marked: ReadonlySet<number>;
  readonly #results = new Fixpoint<boolean>(false, (a, b) => a === b);
  computed = 0;

  constructor(edges: readonly (readonly number[])[], marked: ReadonlySet<number>) {
    this.#edges = edges;
    this.#marked = marked;
  }

  reaches(node: number): boolean {
    return this.#results.solve(String(node), () => {
      this.computed++;
      // No short cut: every edge is asked, as a function's every call is.
      const targets = (this.#edges[node] ?? []).map((target) => this.reaches(target));
      return this.#marked.has(node) || targets.includes(true);
    });
  }
}

/** The same by the book. */
function reachable(edges: readonly (readonly number[])[], marked: ReadonlySet<number>, from: number): boolean {
  const seen = new Set<number>();
  const queue = [from];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (marked.has(node)) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    queue.push(...(edges[node] ?? []));
  }
  return false;
}

const graphs = fc.integer({ min: 1, max: 7 }).chain((size) => {
  const node = fc.integer({ min: 0, max: size - 1 });
  return fc.record({
    edges: fc.array(fc.array(node, { maxLength: 3 }), { minLength: size, maxLength: size }),
    marked: fc.uniqueArray(node, { maxLength: 2 }),
    order: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size, maxLength: size },
    ),
  });
});

describe('fixpoint', () => {
  it('computes each result once', () => {
    const search = new Reachability([[1], [2], []], new Set([2]));
    assert.equal(search.reaches(0), true);
    assert.equal(search.reaches(1), true);
    assert.equal(search.computed, 3);
  });

  it('starts a cycle from the bottom', () => {
    const search = new Reachability([[1], [0]], new Set());
    assert.equal(search.reaches(0), false);
    assert.equal(search.reaches(1), false);
  });

  it('carries a result all the way round a cycle', () => {
    const edges = [[1], [2], [0, 3], []];
    for (const entry of [0, 1, 2]) {
      const search = new Reachability(edges, new Set([3]));
      assert.deepEqual(
        [search.reaches(entry), search.reaches(0), search.reaches(1), search.reaches(2)],
        Array(4).fill(true),
      );
    }
  });

  it('keeps nothing that rests on an unfinished assumption', () => {
    // 1 is asked within 0's first round, when 0 still counts as unmarked.
    const search = new Reachability([[1, 2], [0], []], new Set([2]));
    assert.equal(search.reaches(0), true);
    assert.equal(search.reaches(1), true);
  });

  it('ends when an effect flips for ever', () => {
    const results = new Fixpoint<boolean>(false, (a, b) => a === b);
    const flip = (): boolean => results.solve('flip', () => !flip());
    assert.equal(typeof flip(), 'boolean');
  });

  it('survives an exception', () => {
    const results = new Fixpoint<number>(0, (a, b) => a === b);
    assert.throws(() => results.solve('a', () => results.solve('b', () => assert.fail('broken'))));
    assert.equal(
      results.solve('b', () => 2),
      2,
    );
    assert.equal(
      results.solve('a', () => results.solve('b', () => 3) + 1),
      3,
    );
  });

  it('gives the right answer whatever is asked first', () => {
    fc.assert(
      fc.property(graphs, ({ edges, marked, order }) => {
        const search = new Reachability(edges, new Set(marked));
        for (const node of order)
          assert.equal(search.reaches(node), reachable(edges, new Set(marked), node), `${node}`);
      }),
      { numRuns: 500 },
    );
  });
});
