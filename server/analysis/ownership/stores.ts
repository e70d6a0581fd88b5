import ts from 'typescript';
import type { Contexts } from '../contexts/contexts.ts';
import { lastNameOf } from '../contexts/lifetimes.ts';
import { isReconnect } from '../contexts/reconnects.ts';
import type { Repetition } from '../contexts/repeated.ts';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingClass, some, strip, walk } from '../syntax/tree.ts';
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

/** A resource that replaces an open one of the last run. */
export interface Overwritten extends Forgotten {
  /** The statement or expression that replaces it. */
  readonly assignment: ts.BinaryExpression;
}

/** Judges what becomes of resources that functions put away. */
export class Stores {
  readonly #semantics: Semantics;
  readonly #contexts: Contexts;
  readonly #keepers: Keepers;

  constructor(semantics: Semantics, contexts: Contexts) {
    this.#semantics = semantics;
    this.#contexts = contexts;
    this.#keepers = new Keepers(semantics);
  }

  /**
   * A field or variable of something that lives on gets a new resource in every run, and no run looks at the old one
   * before: not the function that stores it, nor those that lead there, nor what they call first.
   */
  overwritten({ acquisition, site }: Obligation, { handovers }: Exploration): Overwritten | undefined {
    if (acquisition.onlyIfReleased) return undefined;
    for (const { kept, node } of handovers) {
      const { syntax } = node;
      if (kept?.into !== 'name' || !ts.isBinaryExpression(syntax)) continue;
      if (syntax.operatorToken.kind !== ts.SyntaxKind.EqualsToken) continue;
      const repetition = this.#contexts.repeated.of(syntax);
      if (!repetition || repetition.times === 'recursion' || !this.#livesOn(kept.target, repetition)) continue;
      if (isReconnect(this.#semantics, site, acquisition.kind, repetition)) continue;
      const name = lastNameOf(kept.target);
      if (name === undefined || this.#isLookedAt(name, [syntax, ...repetition.hops.map(({ call }) => call)])) continue;
      if (ts.isPropertyAccessExpression(strip(kept.target)) && this.#isSeenTo(name, syntax.right)) continue;
      if (this.#isEndedInFinally(name, [syntax, ...repetition.hops.map(({ call }) => call)])) continue;
      return { kept, node, repetition, assignment: syntax };
    }
    return undefined;
  }

  /** Whether each run finds the same variable, or the same field of the same object. */
  #livesOn(target: ts.Expression, repetition: Repetition): boolean {
    const base = strip(target);
    if (ts.isIdentifier(base)) {
      const binding = this.#semantics.program.unitOf(base).scopes.bindingOf(base);
      return binding !== undefined && ts.isSourceFile(binding.scope.node);
    }
    if (!ts.isPropertyAccessExpression(base)) return false;
    return this.#contexts.lifetimes.outlives(base.expression, repetition) !== undefined;
  }

  /** Whether what makes the new value looks at the field itself, or has one of its own functions do so. */
  #isSeenTo(name: string, value: ts.Node, depth = 2): boolean {
    const field = new RegExp(`\\.\\s*${name.replace(/[$]/g, '\\$&')}(?![\\w$])`);
    let found = false;
    walk(value, (inner) => {
      if (found || !ts.isCallExpression(inner)) return;
      const body = this.#semantics.targets.resolve(inner)?.function?.body;
      found =
        body !== undefined && (field.test(body.getText()) || (depth > 1 && this.#isSeenTo(name, body, depth - 1)));
    });
    return found;
  }

  /**
   * Whether one of the functions around the places looks at the name in a `finally` behind them, itself or by what it
   * calls there: each run ends what it began.
   */
  #isEndedInFinally(name: string, places: readonly ts.Node[]): boolean {
    const word = new RegExp(`(?<![\\w$])${name.replace(/[$]/g, '\\$&')}(?![\\w$])`);
    return places.some((place) =>
      some(this.#semantics.graphs.rootOf(place), (node) => {
        if (!ts.isTryStatement(node) || !node.finallyBlock || node.end < place.getStart()) return false;
        return this.#mentions(node.finallyBlock, word, 3);
      }),
    );
  }

  #mentions(node: ts.Node, word: RegExp, depth: number): boolean {
    if (word.test(node.getText())) return true;
    return some(node, (inner) => {
      if (depth === 0 || !ts.isCallExpression(inner)) return false;
      const body = this.#semantics.targets.resolve(inner)?.function?.body;
      return body !== undefined && this.#mentions(body, word, depth - 1);
    });
  }

  /** Whether one of the functions around the places, or a function that it calls first, mentions the name before. */
  #isLookedAt(name: string, places: readonly ts.Node[]): boolean {
    const word = new RegExp(`(?<![\\w$])${name.replace(/[$]/g, '\\$&')}(?![\\w$])`);
    return places.some((place) => {
      const root = this.#semantics.graphs.rootOf(place);
      let found = false;
      walk(root, (inner) => {
        if (found || inner.getStart() >= place.getStart()) return;
        if (ts.isIdentifier(inner) || ts.isPrivateIdentifier(inner)) found = inner.text === name;
        else if (ts.isCallExpression(inner) && inner.end <= place.getStart()) {
          const body = this.#semantics.targets.resolve(inner)?.function?.body;
          found = body !== undefined && word.test(body.getText());
        }
      });
      return found;
    });
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
    if (isReconnect(this.#semantics, site, acquisition.kind, repetition)) return undefined;
    return this.#keepers.isForgotten(kept, release) ? { kept, node, repetition } : undefined;
  }
}
