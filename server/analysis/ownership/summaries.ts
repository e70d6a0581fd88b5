import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Target, TargetResolver } from '../inference/callees.ts';
import type { Inference } from '../inference/inference.ts';
import type { Ending, Endings } from '../semantics/endings.ts';
import type { Failure, Failures } from '../semantics/failures.ts';
import type { Graphs } from '../semantics/graphs.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, memberName, receiver, strip, walk } from '../syntax/tree.ts';
import { propertiesOf } from './discharges.ts';
import type { Callees, Effect } from './effects.ts';
import type { Exploration } from './explore.ts';
import { Fixpoint } from './fixpoint.ts';
import { makesObject } from './making.ts';
import type { Release } from './obligation.ts';
import { consumesField, listensItself, releasersOf } from './owners.ts';
import { takesProperty } from './reading.ts';
import { solve } from './solve.ts';
import type { Carry } from './state.ts';
import { onlyKnowsWeakly } from './weak.ts';

const unknown: Effect = { kind: 'unknown' };
const borrows: Effect = { kind: 'borrows' };

/** Objects whose functions look at what they get and keep nothing. */
const observers =
  /^(console|JSON|Object|util|_|lodash|assert|expect|logger|log|Array|String|Number|Boolean|Reflect|typeof)$/;

/** What functions of the project do with their parameters, on demand and across files. */
export class Summaries implements Callees {
  readonly #inference: Inference;
  readonly #targets: TargetResolver;
  readonly #graphs: Graphs;
  readonly #endings: Endings;
  readonly #failures: Failures;
  readonly #effects = new Fixpoint<Effect>(borrows, sameEffect);
  readonly #releaseIds = new Map<string, number>();
  readonly #nodeIds = new WeakMap<ts.Node, number>();
  #nextNodeId = 0;

  constructor({ inference, targets, graphs, endings, failures }: Semantics) {
    this.#inference = inference;
    this.#targets = targets;
    this.#graphs = graphs;
    this.#endings = endings;
    this.#failures = failures;
  }

  effect(call: ts.CallExpression | ts.NewExpression, index: number, carry: Carry, release: Release): Effect {
    if (isObserver(call) || this.#onlyUses(call, carry, release)) return borrows;
    if (index === 0 && onlyKnowsWeakly(this.#inference.program, call)) return borrows;
    const target = this.#targets.resolve(call);
    return target ? this.#parameterEffect(target, index, carry, release) : unknown;
  }

  /** `fs.writeSync(fd, …)`: the library's model says that the function only uses what it gets. */
  #onlyUses(call: ts.CallExpression | ts.NewExpression, { path }: Carry, { borrowers }: Release): boolean {
    const name = borrowers.length > 0 && path.length === 0 ? calleeName(call)?.text : undefined;
    if (name === undefined) return false;
    return borrowers.some(
      ({ module, exports }) => exports.includes(name) && this.isExport(call.expression, module, name),
    );
  }

  handlerEffect(handler: ts.Expression, release: Release): Effect {
    const target = this.#targets.functionOf(handler);
    const carry: Carry = { path: [], promised: false, role: 'resource' };
    return target ? this.#parameterEffect({ kind: 'function', function: target }, 0, carry, release) : unknown;
  }

  endingOf(call: ts.CallExpression | ts.NewExpression): Ending | undefined {
    return this.#endings.of(call);
  }

  failureAt(node: FlowNode): Failure {
    return this.#failures.of(node);
  }

  makesObject(call: ts.CallExpression): boolean {
    const fn = this.#targets.resolve(call)?.function;
    return fn !== undefined && makesObject(this.#inference.program, fn);
  }

  isKnown(call: ts.CallExpression | ts.NewExpression): boolean {
    return this.#targets.resolve(call) !== undefined;
  }

  isExport(callee: ts.Expression, module: string, name: string): boolean {
    const known = this.#inference.evaluate(callee);
    const exported = this.#inference.models.module(module);
    return known?.kind === 'library' && exported !== undefined && known.shape === exported.module[name];
  }

  #parameterEffect(target: Target, index: number, carry: Carry, release: Release): Effect {
    const body = target.function;
    if (!body?.body || ('asteriskToken' in body && body.asteriskToken)) return unknown;
    const parameter = body.parameters[index];
    // Nobody follows what a list of the rest becomes of.
    if ((parameter ?? body.parameters.at(-1))?.dotDotDotToken) return unknown;
    if (!parameter) return usesArguments(body) ? unknown : borrows;
    if (carry.path.length === 0 && takesProperty(parameter.name, propertiesOf(release))) return { kind: 'releases' };
    const key = `${this.#idOf(body)}/${index}/${carry.path.join('.')}${carry.promised}/${this.#releaseId(release)}`;
    return this.#effects.solve(key, () => this.#compute(target, body, index, carry, release));
  }

  #compute(target: Target, body: ts.FunctionLikeDeclaration, index: number, carry: Carry, release: Release): Effect {
    const parameters = { resource: index, carry, error: undefined, releaser: undefined };
    const question = {
      graph: this.#graphs.of(body),
      origin: { via: 'parameters', function: body, parameters },
      release,
      acquirer: undefined,
      through: undefined,
      opens: undefined,
      opensByUse: [],
    } as const;
    return this.#classify(target, index, solve(this.#inference.program, question, this), release);
  }

  #classify(target: Target, index: number, result: Exploration, release: Release): Effect {
    if (result.gaveUp) return unknown;
    // What is given back only after a failure is still there when the function returns.
    if (result.dischargedInOrder || (result.discharges.size > 0 && !result.plain)) return { kind: 'releases' };
    const { handovers } = result;
    const returned = handovers.find((h) => h.to === 'caller');
    // Where somebody else takes it over on another way, the caller has it no more when this fails.
    if (returned && handovers.some((h) => h.to === 'callee')) return unknown;
    // An object that keeps it somewhere inside does with it what nobody sees.
    if (returned?.carry && returned.carry.path[0] === '*' && !returned.carry.releasers) return { kind: 'stores' };
    if (returned?.carry) return { kind: 'returns', carry: returned.carry };
    const parameter = target.function?.parameters[index];
    const isProperty =
      parameter !== undefined &&
      target.function !== undefined &&
      ts.isParameterPropertyDeclaration(parameter, target.function);
    if (target.kind === 'constructor' && (isProperty || handovers.some((h) => h.to === 'storage'))) {
      const releasers = releasersOf(target.class, release);
      if (releasers.length > 0) return { kind: 'stores', releasers };
      const isRead = isReadToItsEnd(release) && consumesField(target.class, parameter);
      return isRead || listensItself(target.class) ? { kind: 'stores' } : { kind: 'wraps' };
    }
    if (handovers.some((h) => h.to === 'storage' || h.to === 'closure')) return { kind: 'stores' };
    return handovers.length > 0 ? unknown : borrows;
  }

  #idOf(node: ts.Node): number {
    let id = this.#nodeIds.get(node);
    if (id === undefined) {
      id = this.#nextNodeId++;
      this.#nodeIds.set(node, id);
    }
    return id;
  }

  #releaseId(release: Release): number {
    const key = JSON.stringify(release);
    let id = this.#releaseIds.get(key);
    if (id === undefined) {
      id = this.#releaseIds.size;
      this.#releaseIds.set(key, id);
    }
    return id;
  }
}

/** A stream that is over when somebody has read it, by a loop or by piping it on. */
function isReadToItsEnd({ discharges }: Release): boolean {
  return discharges.some((d) => d.by === 'iteration' || (d.by === 'method' && d.name === 'pipe'));
}

function sameEffect(a: Effect, b: Effect): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function isObserver(call: ts.CallExpression | ts.NewExpression): boolean {
  const owner = receiver(call);
  if (!owner) return false;
  const base = strip(owner);
  const name = ts.isIdentifier(base) ? base.text : memberName(base);
  return name !== undefined && observers.test(name);
}

function usesArguments(node: ts.FunctionLikeDeclaration): boolean {
  let found = false;
  if (node.body) walk(node.body, (inner) => (found ||= ts.isIdentifier(inner) && inner.text === 'arguments'));
  return found;
}
