import ts from 'typescript';
import type { EdgeKind, FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import {
  calleeName,
  contains,
  enclosingStatement,
  isAsync,
  isFunctionLiteral,
  isRoot,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { bindName, bindParameter, parameterPlaces } from './bindings.ts';
import { type CaptureContext, captureOf } from './captures.ts';
import { Conditions } from './conditions.ts';
import { Discharges } from './discharges.ts';
import type { Callees, Effect } from './effects.ts';
import type { CallbackParameters, Origin, Release } from './obligation.ts';
import {
  type Carry,
  emptyState,
  itself,
  itsReleaser,
  perhapsInside,
  type State,
  somewhereInside,
  withFact,
  withPlace,
  withTemp,
} from './state.ts';
import { placeOf, Values } from './values.ts';

/** Where an obligation went when a path handed it on. */
export interface Handover {
  readonly to: 'caller' | 'callee' | 'storage' | 'closure' | 'disposal';
  readonly node: FlowNode;
  /** `caller`: how the returned value carries the resource. */
  readonly carry: Carry | undefined;
  /** The function's own parameter that was called with it, node-style: which parameter, and which of its arguments. */
  readonly calledBack: { readonly parameter: number; readonly argument: number } | undefined;
  /** In a few words, for coverage: "returned", "kept in `this.client`". */
  readonly how: string;
}

/** What follows a node on one of its edges. */
export type Outcome =
  /** `also`: the path splits. */
  | { readonly kind: 'goes on'; readonly state: State; readonly also?: readonly State[] }
  | { readonly kind: 'discharged' }
  | { readonly kind: 'handed over'; readonly handover: Handover }
  /** The edge cannot be taken in this state. */
  | { readonly kind: 'infeasible' };

/** What the engine is asked to follow. */
export interface Question {
  readonly graph: FlowGraph;
  readonly origin: Origin;
  readonly release: Release;
  readonly acquirer: ts.Expression | undefined;
  /** The resource comes from an object of the project: whatever closes that object closes what it lent. */
  readonly through: string | undefined;
}

const infeasible: Outcome = { kind: 'infeasible' };
const discharged: Outcome = { kind: 'discharged' };
const goesOn = (state: State): Outcome => ({ kind: 'goes on', state });

/** The transfer functions: how each node changes what a path knows about the resource. */
export class Transfer implements CaptureContext {
  readonly program: Program;
  readonly values: Values;
  readonly #question: Question;
  readonly #callees: Callees;
  readonly #discharges: Discharges;
  readonly #conditions: Conditions;
  /** Whether a release can still follow a node: then whoever got the resource there only borrowed it. */
  readonly #releasedLater: (node: FlowNode) => boolean;

  constructor(program: Program, question: Question, callees: Callees, releasedLater: (node: FlowNode) => boolean) {
    this.program = program;
    this.#question = question;
    this.#callees = callees;
    this.#releasedLater = releasedLater;
    this.#discharges = new Discharges(question, callees);
    this.values = new Values(program, this.#discharges.methods, (node, state) => captureOf(this, node, state));
    this.#conditions = new Conditions(program, this.values, question.graph, (node) => this.#matters(node));
  }

  /** Whether code under a condition acquires or gives back, as far as names tell. */
  #matters(node: ts.Node): boolean {
    const { origin } = this.#question;
    if (origin.via !== 'parameters' && contains(node, origin.site)) return true;
    let found = false;
    walk(node, (inner) => {
      if (ts.isCallExpression(inner)) found ||= this.#discharges.names.has(calleeName(inner)?.text ?? '');
    });
    return found;
  }

  /** The state in which the graph is entered. */
  initial(state: State): State {
    const { origin } = this.#question;
    return origin.via === 'parameters'
      ? this.#receive({ ...state, phase: 'held' }, origin.function, origin.parameters)
      : state;
  }

  /** What following an edge of the node means. */
  follow(node: FlowNode, edge: EdgeKind, before: State): Outcome {
    const state = this.#prune(node, before);
    switch (node.kind) {
      case 'evaluate':
        return this.#evaluate(node, edge, state);
      case 'bind':
        return this.#bind(node, state);
      case 'branch':
        return this.#branch(node, edge, state);
      case 'enter':
        return this.#enter(node, state);
      case 'settle':
        return this.#settle(node, edge, state);
      case 'return':
        return this.#return(node, state);
      case 'throw':
        return goesOn(state);
      case 'dispose':
        return this.#dispose(node, state);
      default:
        return goesOn(state);
    }
  }

  /** Values of a statement that is over are gone. */
  #prune(node: FlowNode, state: State): State {
    if (state.temps.size === 0 || node.kind === 'join' || node.kind === 'leave') return state;
    const temps = new Map([...state.temps].filter(([temp]) => contains(enclosingStatement(temp), node.syntax)));
    return temps.size === state.temps.size ? state : { ...state, temps };
  }

  #evaluate(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const { syntax } = node;
    if (ts.isAwaitExpression(syntax)) return this.#await(syntax, edge, state);
    if (ts.isYieldExpression(syntax)) return this.#yield(node, syntax, state);
    if (ts.isCallExpression(syntax) || ts.isNewExpression(syntax)) return this.#call(node, syntax, edge, state);
    if (ts.isBinaryExpression(syntax)) return this.#assign(node, syntax, state);
    if (ts.isExpression(syntax) && ts.isCallExpression(syntax.parent) && syntax.parent.arguments.includes(syntax)) {
      return this.#handler(node, syntax, state);
    }
    return goesOn(state);
  }

  #await(syntax: ts.AwaitExpression, edge: EdgeKind, state: State): Outcome {
    const carry = this.values.of(syntax.expression, state);
    if (!carry?.promised) return goesOn(carry ? withTemp(state, syntax, carry) : state);
    // A rejected acquisition acquired nothing.
    if (edge === 'throw') return infeasible;
    return goesOn(withTemp({ ...state, phase: 'held' }, syntax, { ...carry, promised: false }));
  }

  #settle(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const call = node.syntax as ts.CallExpression;
    const source = strip(call.expression) as ts.PropertyAccessExpression;
    const carry = this.values.of(source.expression, state);
    if (!carry?.promised) return goesOn(state);
    if (edge === 'throw') return infeasible;
    const held: State = { ...state, phase: 'held' };
    // `.catch` and `.finally` let the value pass.
    return goesOn(source.name.text === 'then' ? held : withTemp(held, call, carry));
  }

  #yield(node: FlowNode, syntax: ts.YieldExpression, state: State): Outcome {
    const carry = syntax.expression && this.values.of(syntax.expression, state);
    return carry && carry.role !== 'result' ? this.#handOver(node, 'caller', 'yielded', carry) : goesOn(state);
  }

  #call(node: FlowNode, call: ts.CallExpression | ts.NewExpression, edge: EdgeKind, state: State): Outcome {
    const { origin } = this.#question;
    if (origin.via !== 'parameters' && origin.site === call) return this.#acquire(origin, edge, state);
    if (state.phase === 'before') return goesOn(state);
    if (ts.isCallExpression(call)) {
      const meaning = this.#discharges.meaning(call, this.values, state);
      if (meaning === 'discharge') return discharged;
      if (meaning === 'mistaken') return goesOn({ ...state, mistaken: call });
    }
    return this.#pass(node, call, state);
  }

  #acquire(origin: Exclude<Origin, { via: 'parameters' }>, edge: EdgeKind, state: State): Outcome {
    if (edge === 'throw') return goesOn(state);
    // Acquired again while still held: what becomes of the first one is decided by what happens to its names.
    if (state.phase !== 'before' || origin.via === 'callback') return goesOn(state);
    return goesOn(withTemp({ ...state, phase: origin.carry.promised ? 'pending' : 'held' }, origin.site, origin.carry));
  }

  /** A call that gets the resource, or a closure over it, as an argument. */
  #pass(node: FlowNode, call: ts.CallExpression | ts.NewExpression, before: State): Outcome {
    let state = before;
    for (const [index, argument] of (call.arguments ?? []).entries()) {
      const value = ts.isSpreadElement(argument) ? argument.expression : argument;
      if (isFunctionLiteral(strip(value)) && this.#question.graph.inlined.has(strip(value) as ts.ArrowFunction))
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
    const carry = this.values.of(argument, state);
    const literal = strip(argument);
    if (!carry) {
      if (!isFunctionLiteral(literal) || captureOf(this, literal, state) !== 'escapes') return goesOn(state);
      return this.#releasedLater(node)
        ? goesOn(state)
        : this.#handOver(node, 'closure', 'kept by a closure', undefined);
    }
    // Whoever gets the releaser is trusted to call it.
    if (carry.role === 'releaser') return discharged;
    if (carry.role === 'result') return goesOn(state);
    const promise = this.#settled(call);
    if (promise) return goesOn(withTemp(state, promise, { ...carry, promised: true }));
    const collection = this.#collect(call, state);
    if (collection !== undefined) return goesOn(withPlace(state, collection, somewhereInside));
    const parameter = this.#calledParameter(call);
    if (parameter !== undefined && !this.#releasedLater(node)) {
      return this.#handOver(node, 'callee', 'passed to a callback', carry, { parameter, argument: index });
    }
    const effect = this.#callees.effect(call, index, carry, this.#question.release);
    return this.#apply(node, call, carry, effect, state);
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
        const kept = withTemp(state, call, carry.promised ? carry : perhapsInside);
        return this.#releasedLater(node)
          ? goesOn(kept)
          : this.#handOver(node, 'callee', `passed to \`${call.expression.getText()}\``, undefined);
      }
    }
  }

  /** `list.push(resource)`, `map.set(key, resource)` on a collection that lives no longer than the function. */
  #collect(call: ts.CallExpression | ts.NewExpression, state: State): string | undefined {
    const callee = strip(call.expression);
    if (!ts.isPropertyAccessExpression(callee) || !/^(push|unshift|add|set)$/.test(callee.name.text)) return undefined;
    const place = placeOf(this.program, callee.expression);
    return place !== undefined && this.#isLocal(callee.expression) && state.phase === 'held' ? place : undefined;
  }

  /** The handler of a promise chain that is not a literal: `.then(use)`, `.finally(release)`. */
  #handler(node: FlowNode, handler: ts.Expression, state: State): Outcome {
    if (state.phase === 'before') return goesOn(state);
    if (this.values.of(handler, state)?.role === 'releaser') return discharged;
    const call = handler.parent as ts.CallExpression;
    const source = strip(call.expression);
    if (!ts.isPropertyAccessExpression(source) || source.name.text !== 'then' || call.arguments[0] !== handler)
      return goesOn(state);
    const carry = this.values.of(source.expression, state);
    return carry
      ? this.#apply(
          node,
          call,
          { ...carry, promised: false },
          this.#callees.handlerEffect(handler, this.#question.release),
          state,
        )
      : goesOn(state);
  }

  #bind(node: FlowNode, before: State): Outcome {
    const { syntax } = node;
    if (ts.isVariableDeclaration(syntax)) {
      const carry = syntax.initializer && this.values.of(syntax.initializer, before);
      const bound = carry ?? this.#elementOf(syntax, before);
      const [state = before, ...also] = this.#conditions
        .define(syntax.name, syntax.initializer, before)
        .map((defined) => bindName(this.program, defined, syntax.name, bound));
      return { kind: 'goes on', state, also };
    }
    if (ts.isBinaryExpression(syntax)) return this.#assign(node, syntax, before);
    return goesOn(before);
  }

  /** `for (const client of clients)` over a collection that keeps the resource. */
  #elementOf(declaration: ts.VariableDeclaration, state: State): Carry | undefined {
    const loop = declaration.parent.parent;
    if (!ts.isForOfStatement(loop)) return undefined;
    const carry = this.values.of(loop.expression, state);
    return carry && { ...carry, path: carry.path.slice(1) };
  }

  #assign(node: FlowNode, syntax: ts.BinaryExpression, before: State): Outcome {
    const carry = this.values.of(syntax.right, before);
    const target = strip(syntax.left);
    const state = this.#conditions.assign(target, syntax.right, before);
    if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) return goesOn(state);
    const place = placeOf(this.program, target);
    if (!carry || (carry.role === 'result' && !this.#isLocal(target))) {
      return goesOn(place === undefined ? state : withPlace(state, place, undefined));
    }
    if (carry.role === 'releaser' && !this.#isLocal(target)) return discharged;
    const here = place === undefined ? state : withPlace(state, place, carry);
    if (this.#isLocal(target)) return goesOn(here);
    // A field or outer variable that this very function releases is only a name; any other is an owner.
    const kept = place !== undefined && this.#releasedLater(node) && !this.#releasedElsewhere(target);
    return kept ? goesOn(here) : this.#handOver(node, 'storage', `kept in \`${target.getText()}\``, undefined);
  }

  /** Whether the name dies with the function: a variable declared in the graph, or a property of an object it made. */
  #isLocal(target: ts.Expression): boolean {
    let base = strip(target);
    while (ts.isPropertyAccessExpression(base) || ts.isElementAccessExpression(base)) base = strip(base.expression);
    if (!ts.isIdentifier(base)) return false;
    const binding = this.program.unitOf(base).scopes.bindingOf(base);
    const { root } = this.#question.graph;
    if (!binding || ts.isSourceFile(root) || !contains(root, binding.scope.node)) return false;
    return base === strip(target) || binding.kind !== 'parameter';
  }

  /** Whether another function of the file mentions the field or variable in a releasing call. */
  #releasedElsewhere(target: ts.Expression): boolean {
    const text = target.getText();
    const { root } = this.#question.graph;
    const visit = (node: ts.Node): boolean => {
      if (node === root) return false;
      if (
        ts.isPropertyAccessExpression(node) &&
        this.#discharges.methods.has(node.name.text) &&
        strip(node.expression).getText() === text
      ) {
        return true;
      }
      return ts.forEachChild(node, visit) ?? false;
    };
    return visit(target.getSourceFile());
  }

  #branch(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const decided = this.#conditions.decide(node, state);
    const taken = edge === 'true';
    if (decided !== undefined && decided !== taken) return infeasible;
    return goesOn(this.#conditions.assume(node, taken, state));
  }

  #enter(node: FlowNode, state: State): Outcome {
    const literal = node.syntax as ts.ArrowFunction;
    const { origin } = this.#question;
    if (origin.via === 'callback' && node.call === origin.site) {
      // Node calls back once; only the first round of a loop is followed.
      return state.phase === 'before'
        ? goesOn(this.#receive({ ...state, phase: 'held' }, literal, origin.parameters))
        : goesOn(state);
    }
    if (state.phase === 'before' || !node.call) return goesOn(state);
    const [first] = literal.parameters;
    if (!first) return goesOn(state);
    const source = strip(node.call.expression);
    if (!ts.isPropertyAccessExpression(source)) return goesOn(state);
    const carry = this.values.of(source.expression, state);
    if (node.inlining === 'then' && carry)
      return goesOn(bindParameter(this.program, state, first, { ...carry, promised: false }));
    if (node.inlining === 'each' && carry)
      return goesOn(bindParameter(this.program, state, first, { ...carry, path: carry.path.slice(1) }));
    return goesOn(state);
  }

  #receive(
    state: State,
    literal: ts.FunctionLikeDeclaration,
    { resource, error, releaser, carry }: CallbackParameters,
  ): State {
    let result = state;
    const parameter = literal.parameters[resource];
    if (parameter) result = bindParameter(this.program, result, parameter, carry);
    const done = releaser === undefined ? undefined : literal.parameters[releaser];
    if (done) result = bindParameter(this.program, result, done, itsReleaser);
    const failure = error === undefined ? undefined : literal.parameters[error];
    for (const name of failure ? parameterPlaces(failure) : []) {
      result = withFact(withFact(result, name, false), `${name}==null`, true);
    }
    return result;
  }

  #return(node: FlowNode, state: State): Outcome {
    const { syntax } = node;
    const expression = ts.isReturnStatement(syntax) ? syntax.expression : (syntax as ts.Expression);
    const carry = expression && state.phase !== 'before' ? this.values.of(expression, state) : undefined;
    if (!carry) return goesOn(state);
    const literal = node.inlined;
    // The `finally` blocks on the way out may still release it.
    if (!literal) return goesOn(carry.role === 'result' ? state : { ...state, returned: carry });
    const call = inliningCall(literal);
    if (!call) return goesOn(state);
    const callee = strip(call.expression);
    const inChain = ts.isPropertyAccessExpression(callee) && /^(then|catch)$/.test(callee.name.text);
    if (inChain || isAsync(literal)) return goesOn(withTemp(state, call, { ...carry, promised: true }));
    if (strip(callee) === literal) return goesOn(withTemp(state, call, carry));
    if (ts.isPropertyAccessExpression(callee) && /^(map|flatMap|filter|reduce)$/.test(callee.name.text)) {
      return goesOn(withTemp(state, call, somewhereInside));
    }
    return goesOn(state);
  }

  #dispose(node: FlowNode, state: State): Outcome {
    const { name } = node.syntax as ts.VariableDeclaration;
    return ts.isIdentifier(name) && this.values.of(name, state) ? discharged : goesOn(state);
  }

  #handOver(
    node: FlowNode,
    to: Handover['to'],
    how: string,
    carry: Carry | undefined,
    calledBack?: Handover['calledBack'],
  ): Outcome {
    return { kind: 'handed over', handover: { to, node, how, carry, calledBack } };
  }

  /** The parameter of the graph's function that a call calls. */
  #calledParameter(call: ts.CallExpression | ts.NewExpression): number | undefined {
    const callee = strip(call.expression);
    const binding = ts.isIdentifier(callee) ? this.program.unitOf(callee).scopes.bindingOf(callee) : undefined;
    const parameter = binding?.declarations[0]?.parent;
    if (!parameter || !ts.isParameter(parameter) || parameter.parent !== this.#question.graph.root) return undefined;
    return parameter.parent.parameters.indexOf(parameter);
  }

  /** `resolve(client)` inside `new Promise((resolve) => …)`: the promise carries it. */
  #settled(call: ts.CallExpression | ts.NewExpression): ts.NewExpression | undefined {
    const callee = strip(call.expression);
    const binding = ts.isIdentifier(callee) ? this.program.unitOf(callee).scopes.bindingOf(callee) : undefined;
    const parameter = binding?.declarations[0]?.parent;
    if (!parameter || !ts.isParameter(parameter) || parameter.parent.parameters[0] !== parameter) return undefined;
    const executor = parameter.parent;
    const promise = isFunctionLiteral(executor) ? unstrip(executor).parent : undefined;
    return promise && ts.isNewExpression(promise) && promise.expression.getText() === 'Promise' ? promise : undefined;
  }

  // CaptureContext

  releases(call: ts.CallExpression, mention: ts.Expression): boolean {
    const place = placeOf(this.program, mention);
    if (place === undefined) return false;
    const state: State = { ...emptyState, phase: 'held', places: new Map([[place, itself]]) };
    return this.#discharges.meaning(call, this.values, state) === 'discharge';
  }

  passes(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): 'releases' | 'escapes' | 'uses' {
    const index = (call.arguments ?? []).findIndex((a) => contains(a, argument));
    const effect = this.#callees.effect(call, index, itself, this.#question.release);
    if (effect.kind === 'releases') return 'releases';
    return effect.kind === 'borrows' ? 'uses' : 'escapes';
  }
}

/** The call that an inlined literal belongs to. */
function inliningCall(literal: ts.FunctionLikeDeclaration): ts.CallExpression | undefined {
  let current: ts.Node = literal.parent;
  while (!ts.isCallExpression(current) && !isRoot(current)) current = current.parent;
  return ts.isCallExpression(current) ? current : undefined;
}
