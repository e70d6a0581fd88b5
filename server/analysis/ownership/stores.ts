import ts from 'typescript';
import type { Contexts } from '../contexts/contexts.ts';
import type { Repetition } from '../contexts/repeated.ts';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingClass, strip } from '../syntax/tree.ts';
import type { Exploration } from './explore.ts';
import { Keepers, type Kept } from './keepers.ts';
import type { Obligation } from './obligation.ts';

/** A resource that is put away again and again, and that nothing in the project gives back. */
export interface Forgotten {
  readonly kept: Kept;
  /** The node that puts it away. */
  readonly node: FlowNode;
  readonly repetition: Repetition;
}

/** Judges what becomes of resources that functions put away. */
export class Stores {
  readonly #contexts: Contexts;
  readonly #keepers: Keepers;

  constructor(semantics: Semantics, contexts: Contexts) {
    this.#contexts = contexts;
    this.#keepers = new Keepers(semantics);
  }

  /** How often the object is made whose field it is. */
  #instances({ target }: Kept): Repetition | undefined {
    const base = strip(target);
    const owner = ts.isPropertyAccessExpression(base) ? enclosingClass(base.expression) : undefined;
    const made = owner?.members.find((m) => (ts.isConstructorDeclaration(m) && m.body) || ts.isPropertyDeclaration(m));
    if (!made) return undefined;
    return this.#contexts.repeated.of(
      ts.isConstructorDeclaration(made) ? (made.body as ts.Block) : (made.name as ts.Node),
    );
  }

  /** What is meant to live on, or has one owner for the life of the program, is not forgotten. */
  forgotten({ acquisition, release, site }: Obligation, { handovers, discharges }: Exploration): Forgotten | undefined {
    const [first, ...others] = handovers;
    if (!first?.kept || others.length > 0 || discharges.size > 0 || !first.isOpen) return undefined;
    if (acquisition.lifetime === 'application' || acquisition.onlyIfReleased) return undefined;
    const { kept, node } = first;
    const repetition = this.#contexts.repeated.of(site) ?? this.#instances(kept);
    if (!repetition || repetition.times === 'element') return undefined;
    return this.#keepers.isForgotten(kept, release) ? { kept, node, repetition } : undefined;
  }
}
