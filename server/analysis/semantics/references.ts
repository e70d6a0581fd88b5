import type ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { NameToken } from './occurrences.ts';
import { ReferenceSearch } from './referenceSearch.ts';
import { type Callable, subjectOf } from './referenceSubject.ts';

/** A call of a function, or a `new` of a class. */
export interface CallSite {
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly unit: SourceUnit;
  /** False: it calls something of that name, and nobody can tell what. */
  readonly certain: boolean;
}

/** A mention that calls nothing: passed on, bound, kept, extended. Who receives it may call it. */
export interface ValueUse {
  readonly token: NameToken;
  readonly unit: SourceUnit;
  readonly certain: boolean;
}

/** Everything that the project does with a function or class, in the order of paths and positions. */
export interface Uses {
  readonly calls: readonly CallSite[];
  readonly values: readonly ValueUse[];
  /** Whether code that is not part of the project may call it. */
  readonly exposed: boolean;
}

/** Who calls a function, in the whole project. Answers are the same whichever file is checked first. */
export class References {
  readonly #inference: Inference;
  readonly #known = new WeakMap<Callable, Uses | 'unknown'>();

  constructor(inference: Inference) {
    this.#inference = inference;
  }

  /**
   * The calls of a function or method, the `new` sites of a class or constructor. `unknown`: it has no name to look for,
   * or too many files mention it.
   */
  callsOf(node: Callable): readonly CallSite[] | 'unknown' {
    const uses = this.usesOf(node);
    return uses === 'unknown' ? uses : uses.calls;
  }

  /** All uses of a function or method, or of a class (that of its constructor are those of the class). */
  usesOf(node: Callable): Uses | 'unknown' {
    let uses = this.#known.get(node);
    if (uses === undefined) {
      const subject = subjectOf(this.#inference.program, node);
      uses = subject ? new ReferenceSearch(this.#inference, subject).run() : 'unknown';
      this.#known.set(node, uses);
    }
    return uses;
  }

  /** Whether nobody can call a function: no call, not even a doubtful one, no other use, and nobody outside sees it. */
  isDead(node: Callable): boolean {
    const uses = this.usesOf(node);
    return uses !== 'unknown' && uses.calls.length === 0 && uses.values.length === 0 && !uses.exposed;
  }
}
