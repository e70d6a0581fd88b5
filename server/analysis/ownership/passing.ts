import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import {
  calleeName,
  contains,
  isFunctionLiteral,
  isReturned,
  receiver,
  shortText,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { functionFor } from './captures.ts';
import type { Effect } from './effects.ts';
import { discharged, goesOn, handedOver, type Outcome } from './outcome.ts';
import { registrations } from './owners.ts';
import { isEndedWithObject } from './registries.ts';
import type { Scene } from './scene.ts';
import { type Carry, perhapsInside, type State, somewhereInside, withPlace, withTemp } from './state.ts';
import type { Storing } from './storing.ts';
import { placeOf } from './values.ts';
import { onlyKnowsWeakly } from './weak.ts';

/** `assert.rejects(…)`, `expect(…)`. */
const expectsFailure = /(^|\.)(rejects|expect|doesNotReject)$/;

/** Methods of collections that keep their argument. */
const collecting = /^(push|unshift|add|set|enqueue)$/;

/** What it means that the resource is passed to a call. */
export class Passing {
  readonly #scene: Scene;
  readonly #storing: Storing;

  constructor(scene: Scene, storing: Storing) {
    this.#scene = scene;
    this.#storing = storing;
  }

  /** A call that gets the resource, or a closure over it, as an argument. */
  call(node: FlowNode, call: ts.CallExpression | ts.NewExpression, before: State): Outcome {
    let state = before;
    for (const [index, argument] of (call.arguments ?? []).entries()) {
      const value = ts.isSpreadElement(argument) ? argument.expression : argument;
      if (isFunctionLiteral(strip(value)) && this.#scene.question.graph.inlined.has(strip(value) as ts.ArrowFunction))
        continue;
      const outcome = this.#passOne(node, call, index, value, state);
      if (outcome.kind !== 'goes on') return outcome;
      state = outcome.state;
    }
    return goesOn(state);
  }

  #passOne(
    node: FlowNode,
    call: ts.CallExpression | ts.NewExpression,
    index: number,
    argument: ts.Expression,
    state: State,
  ): Outcome {
    const carry = this.#scene.values.of(argument, state);
    const literal = strip(argument);
    if (!carry) {
      const closure = functionFor(this.#scene.program, literal);
      const capture = closure ? this.#scene.captures.of(closure, state, this.#scene.values) : 'none';
      // Whoever waits for the promise gets it.
      if (capture === 'settles') return handedOver(node, 'closure', 'kept by a closure');
      const isKept = capture === 'escapes' || (capture === 'uses' && this.#registers(call, state));
      if (!isKept || this.#scene.releasedLater(node)) return goesOn(state);
      return handedOver(node, 'closure', 'kept by a closure');
    }
    const stacked = isDisposableStack(this.#scene, call) ? this.#stack(node, call, carry, state) : undefined;
    if (stacked) return stacked;
    // Whoever gets the releaser is trusted to call it, unless it is for failures only.
    if (carry.role === 'releaser') return awaitsFailure(call) ? goesOn(state) : discharged;
    if (carry.role === 'result') return goesOn(state);
    // `Promise.resolve(client)`, `release.bind(client)`, `new Proxy(client, …)`: the value itself goes on.
    if (this.#scene.values.of(call, state)) return goesOn(state);
    // A test that expects the acquisition to fail.
    if (carry.promised && expectsFailure.test(shortText(call.expression))) {
      return handedOver(node, 'storage', 'expected to fail');
    }
    const promise = this.#settled(call);
    if (promise) return goesOn(withTemp(state, promise, { ...carry, promised: true }));
    const collected = this.#collect(node, call, state);
    if (collected) return collected;
    const parameter = this.#calledParameter(call);
    if (parameter !== undefined && !this.#scene.releasedLater(node)) {
      // Whoever goes on with it when the callback is done has only lent it.
      const isLent = ts.isAwaitExpression(unstrip(call).parent) && this.#scene.usedInOrder(node);
      if (isLent && !this.#scene.question.release.isConsumed) return goesOn(state);
      const calledBack = { parameter, argument: index, releaser: this.#releaserIn(call, state) };
      return handedOver(node, 'callee', 'passed to a callback', { carry, calledBack });
    }
    const effect = this.#scene.callees.effect(call, index, carry, this.#scene.question.release);
    return this.#apply(node, call, carry, effect, state);
  }

  /** `callback(null, client, done)`: the argument by which whoever is called back releases. */
  #releaserIn(call: ts.CallExpression | ts.NewExpression, state: State): number | undefined {
    const index = (call.arguments ?? []).findIndex((it) => this.#scene.values.of(it, state)?.role === 'releaser');
    return index < 0 ? undefined : index;
  }

  /** Whether somebody else than the resource keeps the handler and calls it again and again. */
  #registers(call: ts.CallExpression | ts.NewExpression, state: State): boolean {
    if (!registrations.has(calleeName(call)?.text ?? '')) return false;
    let emitter = receiver(call);
    while (emitter) {
      if (this.#scene.values.of(emitter, state)) return false;
      const base = strip(emitter);
      emitter = ts.isPropertyAccessExpression(base) || ts.isCallExpression(base) ? base.expression : undefined;
    }
    return true;
  }

  #apply(
    node: FlowNode,
    call: ts.CallExpression | ts.NewExpression,
    carry: Carry,
    effect: Effect,
    state: State,
  ): Outcome {
    switch (effect.kind) {
      case 'releases':
        return discharged;
      case 'borrows':
        return goesOn(state);
      case 'wraps':
        return goesOn(withTemp(state, call, somewhereInside));
      case 'returns':
        return goesOn(withTemp(state, call, { ...effect.carry, promised: effect.carry.promised || carry.promised }));
      default: {
        // Its result may be the resource itself, decorated, or the promise with a deadline.
        const { releasers = [] } = effect.kind === 'stores' ? effect : {};
        const owner: Carry = releasers.length > 0 ? { ...somewhereInside, releasers } : somewhereInside;
        const inside = effect.kind === 'stores' && ts.isNewExpression(call) ? owner : perhapsInside;
        const kept = withTemp(state, call, carry.promised ? carry : inside);
        // Whoever gets the new owner is the one who closes it.
        const isGiven = releasers.length > 0 && !releasers.includes('constructor') && isReturned(call);
        if (isGiven || this.#isBorrowed(node)) return goesOn(kept);
        const callee = `\`${shortText(call.expression)}\``;
        return effect.kind === 'stores'
          ? handedOver(node, 'storage', `kept by ${callee}`)
          : handedOver(node, 'callee', `passed to ${callee}`);
      }
    }
  }

  /** Whether a callee that nobody knows only borrows. What is released only after a failure was given away. */
  #isBorrowed(node: FlowNode): boolean {
    const { question, releasedLater, releasedInOrder } = this.#scene;
    return question.release.isConsumed ? releasedInOrder(node) : releasedLater(node);
  }

  /** `stack.use(client)`, `stack.adopt(client, release)`, `stack.defer(release)`: whoever disposes the stack releases. */
  #stack(node: FlowNode, call: ts.CallExpression | ts.NewExpression, carry: Carry, state: State): Outcome | undefined {
    const stack = (strip(call.expression) as ts.PropertyAccessExpression).expression;
    const place = isStackMadeHere(this.#scene, stack) ? placeOf(this.#scene.program, stack) : undefined;
    if (place !== undefined) {
      const kept = withPlace(state, place, somewhereInside);
      return goesOn(carry.role === 'resource' ? withTemp(kept, call, carry) : kept);
    }
    return carry.role === 'resource' ? handedOver(node, 'storage', 'kept by a disposable stack') : undefined;
  }

  /** `list.push(resource)`, `map.set(key, resource)`: a local collection is a name, any other one an owner. */
  #collect(node: FlowNode, call: ts.CallExpression | ts.NewExpression, state: State): Outcome | undefined {
    const callee = strip(call.expression);
    if (!ts.isPropertyAccessExpression(callee) || !collecting.test(callee.name.text)) return undefined;
    const place = placeOf(this.#scene.program, callee.expression);
    if (place === undefined || place === 'this' || state.phase !== 'held') return undefined;
    const [first] = call.arguments ?? [];
    const isKey = first !== undefined && this.#scene.values.of(first, state) !== undefined;
    if (isKey && onlyKnowsWeakly(this.#scene.program, call)) return goesOn(state);
    if (this.#storing.isOwn(callee.expression)) return goesOn(withPlace(state, place, somewhereInside));
    const hasOwner = isEndedWithObject(callee.expression, this.#scene.question.release);
    if (this.#scene.callees.isKnown(call) || (!hasOwner && this.#scene.releasedLater(node))) return undefined;
    const kept = { target: callee.expression, into: 'collection' } as const;
    return handedOver(node, 'storage', `kept in \`${callee.expression.getText()}\``, { kept });
  }

  /** The handler of a promise chain that is not a literal: `.then(use)`, `.finally(release)`. */
  handler(node: FlowNode, handler: ts.Expression, state: State): Outcome {
    if (state.phase === 'before') return goesOn(state);
    if (this.#scene.values.of(handler, state)?.role === 'releaser') return discharged;
    const call = handler.parent as ts.CallExpression;
    const source = strip(call.expression);
    if (!ts.isPropertyAccessExpression(source) || source.name.text !== 'then' || call.arguments[0] !== handler)
      return goesOn(state);
    const carry = this.#scene.values.of(source.expression, state);
    return carry
      ? this.#apply(
          node,
          call,
          { ...carry, promised: false },
          this.#scene.callees.handlerEffect(handler, this.#scene.question.release),
          state,
        )
      : goesOn(state);
  }

  /** The parameter of the graph's function that a call calls. */
  #calledParameter(call: ts.CallExpression | ts.NewExpression): number | undefined {
    const parameter = calledParameter(this.#scene, call);
    return parameter && parameter.parent === this.#scene.question.graph.root
      ? parameter.parent.parameters.indexOf(parameter)
      : undefined;
  }

  /** `resolve(client)` inside `new Promise((resolve) => …)`: the promise carries it. */
  #settled(call: ts.CallExpression | ts.NewExpression): ts.NewExpression | undefined {
    const parameter = calledParameter(this.#scene, call);
    const executor = parameter?.parent;
    if (!executor || executor.parameters[0] !== parameter || !isFunctionLiteral(executor)) return undefined;
    const promise = unstrip(executor).parent;
    return ts.isNewExpression(promise) && promise.expression.getText() === 'Promise' ? promise : undefined;
  }
}

/** `stream.on('error', …)`: in good order that never comes. */
function awaitsFailure(call: ts.CallExpression | ts.NewExpression): boolean {
  const [event] = call.arguments ?? [];
  return (
    registrations.has(calleeName(call)?.text ?? '') &&
    event !== undefined &&
    ts.isStringLiteralLike(event) &&
    event.text === 'error'
  );
}

/** `stack.use(client)`, `stack.adopt(client, release)`, `stack.defer(release)`. */
function isDisposableStack(scene: Scene, call: ts.CallExpression | ts.NewExpression): boolean {
  const callee = strip(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(use|adopt|defer)$/.test(callee.name.text)) return false;
  return /stack$/i.test(shortText(callee.expression)) || isStackMadeHere(scene, callee.expression);
}

/** `const stack = new DisposableStack()` in this very function. */
function isStackMadeHere({ program, question }: Scene, stack: ts.Expression): boolean {
  const name = strip(stack);
  const binding = ts.isIdentifier(name) ? program.unitOf(name).scopes.bindingOf(name) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
  const { root } = question.graph;
  if (ts.isSourceFile(root) || !contains(root, declaration)) return false;
  const made = strip(declaration.initializer);
  return ts.isNewExpression(made) && /^(Async)?DisposableStack$/.test(shortText(made.expression));
}

/** The parameter, of whatever function, that a call calls. */
function calledParameter(
  { program }: Scene,
  call: ts.CallExpression | ts.NewExpression,
): ts.ParameterDeclaration | undefined {
  const callee = strip(call.expression);
  const binding = ts.isIdentifier(callee) ? program.unitOf(callee).scopes.bindingOf(callee) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  return declaration && ts.isParameter(declaration) ? declaration : undefined;
}
