import type ts from 'typescript';

/** How far definitions are followed before giving up: far enough for real code, near enough to stay cheap. */
const maxDepth = 16;

/** How many steps one question may take: definitions that fan out would otherwise multiply. */
const maxSteps = 5_000;

/**
 * Keeps the following of definitions finite and cheap: cycles, long chains and questions that fan out are cut, and
 * results are remembered unless they rest on a cut.
 */
export class Guard<T> {
  readonly #active = new Map<ts.Node, Set<string>>();
  readonly #known = new WeakMap<ts.Node, Map<string, T | undefined>>();
  #depth = 0;
  #steps = 0;
  #cuts = 0;

  /** Computes the answer to `question` about the node; `undefined` when it was cut. */
  run(node: ts.Node, question: string, compute: () => T | undefined): T | undefined {
    const known = this.#known.get(node);
    if (known?.has(question)) return known.get(question);
    const active = this.#active.get(node) ?? new Set<string>();
    if (this.#depth === 0) this.#steps = 0;
    if (this.#depth >= maxDepth || active.has(question) || this.#steps >= maxSteps) {
      this.#cuts++;
      return undefined;
    }
    this.#active.set(node, active.add(question));
    this.#depth++;
    this.#steps++;
    const cuts = this.#cuts;
    try {
      const answer = compute();
      if (this.#cuts === cuts) this.#remember(node, question, answer);
      return answer;
    } finally {
      this.#depth--;
      active.delete(question);
      if (active.size === 0) this.#active.delete(node);
    }
  }

  #remember(node: ts.Node, question: string, answer: T | undefined): void {
    const known = this.#known.get(node) ?? new Map<string, T | undefined>();
    this.#known.set(node, known.set(question, answer));
  }
}
