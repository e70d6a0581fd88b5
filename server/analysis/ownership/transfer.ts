import ts from 'typescript';
import type { EdgeKind, FlowNode } from '../controlFlow/graph.ts';
import type { Failure } from '../semantics/failures.ts';
import type { Program } from '../syntax/program.ts';
import {
  callbackOf,
  calleeName,
  contains,
  enclosingStatement,
  isFunctionLiteral,
  isReturned,
  isRoot,
  receiver,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { type BindingContext, bindName, bindParameter } from './bindings.ts';
import { Captures } from './captures.ts';
import { Conditions } from './conditions.ts';
import { Discharges } from './discharges.ts';
import type { Callees } from './effects.ts';
import { saysIsGone } from './exhaustion.ts';
import { asksNothing, skipsTaker, withoutError } from './missing.ts';
import type { CallbackParameters, Origin } from './obligation.ts';
import { isAtHand, isWaitedFor } from './origins.ts';
import { discharged, goesOn, handedOver, infeasible, type Outcome, type Question } from './outcome.ts';
import { elementOf } from './parts.ts';
import { Passing } from './passing.ts';
import { isCompound } from './predicates.ts';
import { inliningCall, isOneOfSeveral, resultCarry } from './promises.ts';
import { type Reading, takesProperty } from './reading.ts';
import { concernsOneRound } from './rejections.ts';
import { Relevance } from './relevance.ts';
import type { Following } from './scene.ts';
import {
  type Carry,
  isLive,
  itself,
  itsReleaser,
  type Phase,
  perhapsPromised,
  type State,
  withPlace,
  withTemp,
} from './state.ts';
import { Storing } from './storing.ts';
import { Telling } from './telling.ts';
import { awaitsOwnEvent, isBeginning, opensBeside, reachesSameFile } from './throws.ts';
import { placeOf, Values } from './values.ts';

/** Nodes that evaluate the code they stand for. */
const asked: ReadonlySet<FlowNode['kind']> = new Set(['evaluate', 'bind', 'branch']);

/** The transfer functions: how each node changes what a path knows about the resource. */
export class Transfer {
  /** Names of the methods that were called on the resource. */
  readonly uses = new Set<string>();
  readonly usedAt = new Set<FlowNode>();
  readonly #question: Question;
  readonly #callees: Callees;
  readonly #values: Values;
  readonly #discharges: Discharges;
  readonly #conditions: Conditions;
  readonly #relevance: Relevance;
  readonly #binding: BindingContext;
  readonly #passing: Passing;
  readonly #storing: Storing;
  readonly #reading: Reading;
  readonly #telling: Telling;
  readonly #program: Program;
  /** What an acquired resource is at first. */
  readonly #acquired: Phase;

  constructor(program: Program, question: Question, callees: Callees, following: Following) {
    this.#callees = callees;
    this.#program = program;
    this.#question = question;
    this.#acquired = question.opens ? 'dormant' : 'held';
    this.#discharges = new Discharges(program, question, callees);
    this.#binding = { program, releaseNames: this.#discharges.methods };
    const captures = new Captures(program, this.#discharges, question.release, callees);
    this.#values = new Values(program, this.#discharges.methods, question.release.fluent, captures);
    this.#reading = captures.reading(this.#values);
    const scene = { program, question, values: this.#values, captures, callees, ...following };
    this.#storing = new Storing(scene, this.#discharges.methods);
    this.#passing = new Passing(scene, this.#storing);
    this.#telling = new Telling(scene, this.#storing);
    this.#relevance = new Relevance(question.origin, (call) => this.#discharges.mayBe(call));
    this.#conditions = new Conditions(program, this.#values, question, this.#relevance, callees);
  }

  /** Nodes that tell others of the resource. */
  get tellings(): ReadonlySet<FlowNode> {
    return this.#telling.nodes;
  }

  /** The state in which the graph is entered. */
  initial(state: State): State {
    const { origin } = this.#question;
    if (origin.via !== 'parameters') return state;
    return this.#receive({ ...state, phase: this.#acquired }, origin.function, origin.parameters);
  }

  /** What a call does to the resource itself: gives it back, or uses it. */
  role(call: ts.CallExpression, state: State): 'releases' | 'uses' | undefined {
    return this.#discharges.role(call, this.#values, state);
  }

  /** Whether the expression's value is the resource. */
  isResource(node: ts.Expression, state: State): boolean {
    return this.#values.isResource(node, state);
  }

  /** What following an edge of the node means. */
  follow(node: FlowNode, edge: EdgeKind, before: State): Outcome {
    const state = this.#openedBy(node, this.#prune(node, before));
    if (this.#reading.ends(node, edge, state)) return discharged;
    const told = this.#telling.outcome(node, edge, state);
    if (told) return told;
    if (concernsOneRound(this.#question.graph, node, edge, this.#relevance)) return infeasible;
    // What throws there is a mistake of its own, and ends a callback's process.
    if (asked.has(node.kind) && asksNothing(this.#program, node.syntax, state)) return infeasible;
    switch (node.kind) {
      case 'evaluate':
        return this.#isPossible(node, edge, state) ? this.#evaluate(node, edge, state) : infeasible;
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

  failureAt(node: FlowNode, state: State): Failure {
    const { origin, acquirer, release } = this.#question;
    if (origin.via !== 'parameters' && reachesSameFile(origin.site, node)) return 'hardly';
    if (opensBeside(acquirer, release, node)) return 'hardly';
    if (release.dropsDead && isBeginning(node, (owner) => this.isResource(owner, state))) return 'hardly';
    if (awaitsOwnEvent(node, (owner) => this.isResource(owner, state))) return 'hardly';
    return this.#callees.failureAt(node);
  }

  /** Whether a call can end this way. The types are asked only where a resource is held: there it matters. */
  #isPossible({ syntax }: FlowNode, edge: EdgeKind, state: State): boolean {
    if (!isLive(state) || (!ts.isCallExpression(syntax) && !ts.isNewExpression(syntax))) return true;
    const ending = this.#callees.endingOf(syntax);
    return ending === undefined || (edge === 'throw' ? ending.throws : ending.returns);
  }

  /** `client.query(…)`, `runner.manager.save(…)`: the first use opens what was not open yet. */
  #openedBy({ kind, syntax }: FlowNode, state: State): State {
    const { opensByUse } = this.#question;
    if (state.phase !== 'dormant' || opensByUse.length === 0 || (kind !== 'evaluate' && kind !== 'bind')) return state;
    const isUse = (node: ts.Node): boolean =>
      ts.isPropertyAccessExpression(node) &&
      opensByUse.includes(node.name.text) &&
      this.#values.isResource(node.expression, state);
    const uses = (node: ts.Node): boolean => !isRoot(node) && (isUse(node) || (ts.forEachChild(node, uses) ?? false));
    return uses(syntax) ? { ...state, phase: 'held', isOpened: true } : state;
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
    if (ts.isPrefixUnaryExpression(syntax) || ts.isPostfixUnaryExpression(syntax))
      return goesOn(this.#conditions.change(syntax.operand, state));
    if (ts.isExpression(syntax) && ts.isCallExpression(syntax.parent) && syntax.parent.arguments.includes(syntax)) {
      return this.#passing.handler(node, syntax, state);
    }
    return goesOn(state);
  }

  #await(syntax: ts.AwaitExpression, edge: EdgeKind, state: State): Outcome {
    const carry = this.#values.of(syntax.expression, state);
    if (edge === 'throw' && carry && isAtHand(this.#question.origin, syntax.expression)) return infeasible;
    if (edge === 'throw' && this.#discharges.isEventual(syntax.expression, this.#values, state)) return infeasible;
    // What a callee made of it and had to be waited for is data, not the resource in disguise.
    if (!carry?.promised) return goesOn(carry && carry.role !== 'result' ? withTemp(state, syntax, carry) : state);
    // A rejected acquisition acquired nothing.
    // … but of several acquired at once, another one may have failed.
    if (edge === 'throw')
      return isOneOfSeveral(syntax.expression) ? goesOn({ ...this.#fulfilled(state), temps: new Map() }) : infeasible;
    return goesOn(withTemp(this.#fulfilled(state), syntax, { ...carry, promised: false }));
  }

  #settle(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const call = node.syntax as ts.CallExpression;
    const source = strip(call.expression) as ts.PropertyAccessExpression;
    const carry = this.#values.of(source.expression, state);
    if (!carry?.promised) return goesOn(state);
    if (edge === 'throw') return infeasible;
    const held = this.#fulfilled(state);
    // `.catch` and `.finally` let the value pass.
    return goesOn(source.name.text === 'then' ? held : withTemp(held, call, carry));
  }

  /** The promise that the path waits for has brought the resource, or opened it. */
  #fulfilled(state: State): State {
    return state.phase === 'pending' ? { ...state, phase: state.isOpened ? 'held' : this.#acquired } : state;
  }

  #yield(node: FlowNode, syntax: ts.YieldExpression, state: State): Outcome {
    const carry = syntax.expression && this.#values.of(syntax.expression, state);
    return carry && carry.role !== 'result' ? handedOver(node, 'caller', 'yielded', { carry }) : goesOn(state);
  }

  #call(node: FlowNode, call: ts.CallExpression | ts.NewExpression, edge: EdgeKind, state: State): Outcome {
    const { origin } = this.#question;
    if (origin.via !== 'parameters' && origin.site === call) return this.#acquire(origin, edge, state);
    if (state.phase === 'before') return goesOn(state);
    if (ts.isCallExpression(call)) {
      // Giving back a resource, this one or another of its kind, is not expected to fail.
      const name = calleeName(call)?.text ?? '';
      if (edge === 'throw' && (this.#discharges.mayBeMethod(call) || this.#acquiresAlike(name))) return infeasible;
      // Its methods report failure by a promise or callback; a promise that is returned fails its function.
      const owner = receiver(call);
      if (owner && this.#values.isResource(owner, state)) {
        this.uses.add(name);
        this.usedAt.add(node);
        if (edge === 'throw' && !isReturned(call)) return infeasible;
        if (state.phase === 'dormant' && this.#question.opens?.includes(name)) return this.#open(call, edge, state);
      }
      const meaning = this.#discharges.meaning(call, this.#values, state);
      if (meaning === 'discharge') return discharged;
      if (meaning === 'mistaken') return goesOn({ ...state, mistaken: call });
    }
    return this.#passing.call(node, call, state);
  }

  /** `client.connect()`: from here on there is something to close, unless it fails. */
  #open(call: ts.CallExpression, edge: EdgeKind, state: State): Outcome {
    if (edge === 'throw') return goesOn(state);
    if (!isWaitedFor(call)) return goesOn({ ...state, phase: 'held', isOpened: true });
    return goesOn(withTemp({ ...state, phase: 'pending', isOpened: true }, call, perhapsPromised));
  }

  /** Whether a call of that name promises another resource of the same kind: it rejects where it is awaited. */
  #acquiresAlike(name: string): boolean {
    const { origin } = this.#question;
    return origin.via === 'value' && origin.carry.promised && calleeName(origin.site)?.text === name;
  }

  #acquire(origin: Exclude<Origin, { via: 'parameters' }>, edge: EdgeKind, state: State): Outcome {
    // A promise that is asked for again does not throw; it rejects where it is awaited.
    if (edge === 'throw') return state.phase !== 'before' && origin.via === 'value' ? infeasible : goesOn(state);
    // Acquired again while still held: what becomes of the first one is decided by what happens to its names.
    if (state.phase !== 'before' || origin.via === 'callback') return goesOn(state);
    const holder = origin.holder && placeOf(this.#program, origin.holder);
    const kept = holder === undefined ? state : withPlace(state, holder, itself);
    const phase = origin.carry.promised ? 'pending' : this.#acquired;
    return goesOn(withTemp({ ...kept, phase }, origin.site, origin.carry));
  }

  #bind(node: FlowNode, before: State): Outcome {
    const { syntax } = node;
    if (ts.isVariableDeclaration(syntax)) {
      const carry = syntax.initializer && this.#values.of(syntax.initializer, before);
      const bound = carry ?? this.#elementOf(syntax, before);
      const [state = before, ...also] = this.#conditions
        .define(syntax.name, syntax.initializer, before)
        .map((defined) => bindName(this.#binding, defined, syntax.name, bound));
      return { kind: 'goes on', state, also };
    }
    if (ts.isBinaryExpression(syntax)) return this.#assign(node, syntax, before);
    // What was known of another variable of that name does not hold for this one.
    if (ts.isParameter(syntax) && !this.#isFilled(syntax.parent))
      return goesOn(this.#conditions.forget(syntax.name, before));
    return goesOn(before);
  }

  /** Whether the acquisition itself fills the parameters of a function. */
  #isFilled(fn: ts.SignatureDeclaration): boolean {
    const { origin } = this.#question;
    if (origin.via === 'parameters') return origin.function === fn;
    const callback = origin.via === 'callback' ? callbackOf(origin.site) : undefined;
    if (callback) return strip(callback) === fn;
    const call = isFunctionLiteral(fn) ? unstrip(fn).parent : undefined;
    return call !== undefined && ts.isCallExpression(call) && this.#isOpening(call);
  }

  /** `for (const client of clients)` over a collection that keeps the resource. */
  #elementOf(declaration: ts.VariableDeclaration, state: State): Carry | undefined {
    const loop = declaration.parent.parent;
    if (!ts.isForOfStatement(loop)) return undefined;
    const carry = this.#values.of(loop.expression, state);
    return carry && elementOf(carry);
  }

  #assign(node: FlowNode, syntax: ts.BinaryExpression, before: State): Outcome {
    const outcome = this.#storing.assign(node, syntax, before);
    if (outcome.kind !== 'goes on') return outcome;
    const target = strip(syntax.left);
    return goesOn(
      isCompound(syntax)
        ? this.#conditions.change(target, outcome.state)
        : this.#conditions.assign(target, syntax.right, outcome.state),
    );
  }

  #branch(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const decided = this.#conditions.decide(node, state);
    const taken = edge === 'true';
    if (decided !== undefined && decided !== taken) return infeasible;
    if (saysIsGone(node.syntax, (value) => this.#values.of(value, state)) === taken) return infeasible;
    if (taken && skipsTaker(node, (value) => this.#values.of(value, state) !== undefined)) return infeasible;
    return goesOn(this.#conditions.assume(node, taken, state));
  }

  #enter(node: FlowNode, state: State): Outcome {
    const literal = node.syntax as ts.ArrowFunction;
    const { origin } = this.#question;
    if (origin.via === 'callback' && node.call === origin.site) {
      // Node calls back once; only the first round of a loop is followed.
      return state.phase === 'before'
        ? goesOn(this.#receive({ ...state, phase: this.#acquired }, literal, origin.parameters))
        : goesOn(state);
    }
    if (state.phase === 'before' || !node.call) return goesOn(state);
    if (node.inlining === 'callback' && this.#isOpening(node.call)) return goesOn(withoutError(state, literal));
    const [first] = literal.parameters;
    if (!first) return goesOn(state);
    const source = strip(node.call.expression);
    if (!ts.isPropertyAccessExpression(source)) return goesOn(state);
    const carry = this.#values.of(source.expression, state);
    if (takesProperty(first.name, this.#discharges.properties) && carry?.path.length === 0) return discharged;
    if (node.inlining === 'then' && carry)
      return goesOn(bindParameter(this.#binding, state, first, { ...carry, promised: false }));
    if (node.inlining === 'each' && carry) return goesOn(bindParameter(this.#binding, state, first, elementOf(carry)));
    return goesOn(state);
  }

  #receive(
    state: State,
    literal: ts.FunctionLikeDeclaration,
    { resource, error, releaser, carry }: CallbackParameters,
  ): State {
    let result = state;
    const parameter = literal.parameters[resource];
    if (parameter) result = bindParameter(this.#binding, result, parameter, carry);
    const done = releaser === undefined ? undefined : literal.parameters[releaser];
    if (done) result = bindParameter(this.#binding, result, done, itsReleaser);
    return error === undefined ? result : withoutError(result, literal, error);
  }

  /** Whether the call began what the duty is about on an object that was there before. */
  #isOpening(call: ts.CallExpression | ts.NewExpression): boolean {
    const { origin, opens } = this.#question;
    if (origin.via === 'value' && origin.site === call) return origin.holder !== undefined;
    return opens?.includes(calleeName(call)?.text ?? '') ?? false;
  }

  #return(node: FlowNode, state: State): Outcome {
    const { syntax } = node;
    const expression = ts.isReturnStatement(syntax) ? syntax.expression : (syntax as ts.Expression);
    const carry = expression && state.phase !== 'before' ? this.#values.kept(expression, state) : undefined;
    if (!carry) return goesOn(state);
    const literal = node.inlined;
    // The `finally` blocks on the way out may still release it.
    if (!literal) return goesOn({ ...state, returned: carry });
    const call = inliningCall(literal);
    const given = call && resultCarry(call, literal, carry);
    return goesOn(call && given ? withTemp(state, call, given) : state);
  }

  #dispose(node: FlowNode, state: State): Outcome {
    const { name } = node.syntax as ts.VariableDeclaration;
    return ts.isIdentifier(name) && this.#values.of(name, state) ? discharged : goesOn(state);
  }
}
