import ts from 'typescript';
import type { FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import { mayThrow } from '../controlFlow/nonThrowing.ts';
import type { TargetResolver } from '../inference/callees.ts';
import type { Program } from '../syntax/program.ts';
import {
  calledMethod,
  calleeName,
  enclosingRoot,
  isAsync,
  isCaught,
  isFunctionLiteral,
  isNothing,
  isReturned,
  mentionsName,
  receiver,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { Graphs } from './graphs.ts';
import { guardOf, isVisiblyThere } from './guards.ts';
import { hardlyFails, onlyComputes, receiverName } from './pureWork.ts';

/**
 * How much a failure is to be reckoned with, least first: nothing behind it can fail · only work that computes, or waits for
 * time alone · code that is written to throw · what waits for the outside world.
 */
export type Failure = 'never' | 'hardly' | 'expected' | 'outside';

/** How a function of the project fails. */
interface Summary {
  readonly failure: Failure;
  /** Parameters whose absence alone makes it throw, for each such `throw`. */
  readonly guards: readonly (readonly number[])[];
}

const order: readonly Failure[] = ['never', 'hardly', 'expected', 'outside'];
const worse = (a: Failure, b: Failure): Failure => (order.indexOf(a) < order.indexOf(b) ? b : a);

/** So many calls deep a failure is looked for. */
const maxDepth = 5;

/** `readSync`, `execFileSync`; `existsSync` only looks. */
const blocking = /(?<!^exists)Sync$/;

/** Sync work of libraries that is there to throw at what it does not like. */
const checking = /^(?:parse|decode|decrypt|verify|validate|assert|ensure|check|unpack|inflate|gunzip)/;

/** What can fail behind calls and awaited promises, told from the project's code that runs there. */
export class Failures {
  readonly #program: Program;
  readonly #targets: TargetResolver;
  readonly #graphs: Graphs;
  readonly #known = new WeakMap<ts.Node, Summary>();
  readonly #active = new Set<ts.Node>();
  /** Whether an answer left something out. */
  #cut = false;

  constructor(program: Program, targets: TargetResolver, graphs: Graphs) {
    this.#program = program;
    this.#targets = targets;
    this.#graphs = graphs;
  }

  /** What can fail where a node throws. */
  of({ kind, syntax }: FlowNode): Failure {
    if (kind === 'settle') return this.#promise(chainStart(syntax as ts.CallExpression));
    if (kind !== 'evaluate') return 'expected';
    if (ts.isAwaitExpression(syntax)) return this.#promise(syntax.expression);
    if (ts.isCallExpression(syntax)) return this.#call(syntax);
    if (ts.isNewExpression(syntax)) return this.#target(syntax) ?? 'hardly';
    return ts.isYieldExpression(syntax) || ts.isForOfStatement(syntax) ? 'outside' : 'hardly';
  }

  /** A call that throws on the spot. */
  #call(call: ts.CallExpression): Failure {
    const known = this.#target(call);
    if (known) return known;
    const name = calleeName(call)?.text ?? '';
    if (hardlyFails(call)) return 'hardly';
    if (blocking.test(name)) return 'outside';
    if (receiverName(call) === 'JSON' || checking.test(name)) return 'expected';
    return isReturnedValue(call) ? 'outside' : 'hardly';
  }

  /** A promise, or what may be one, that somebody waits for. */
  #promise(node: ts.Expression): Failure {
    const value = strip(node);
    if (ts.isConditionalExpression(value)) return worse(this.#promise(value.whenTrue), this.#promise(value.whenFalse));
    if (ts.isAwaitExpression(value) || ts.isObjectLiteralExpression(value) || ts.isLiteralExpression(value))
      return 'never';
    if (ts.isNewExpression(value)) return isNamed(value.expression, 'Promise') ? this.#executor(value) : 'never';
    if (ts.isIdentifier(value)) {
      if (value.text === 'undefined') return 'never';
      const initializer = this.#initializer(value);
      return initializer && !ts.isAwaitExpression(initializer) ? this.#promise(initializer) : 'outside';
    }
    return ts.isCallExpression(value) ? this.#promised(value) : 'outside';
  }

  #promised(call: ts.CallExpression): Failure {
    const name = calleeName(call)?.text ?? '';
    const owner = receiver(call);
    const [first, second] = call.arguments;
    if (owner && isNamed(owner, 'Promise')) {
      if (name === 'allSettled') return 'never';
      if (name === 'resolve') return first ? this.#promise(first) : 'never';
      return this.#several(first);
    }
    if (owner && first && /^(?:then|catch|finally)$/.test(name)) {
      const handled = worse(this.#handler(first), second ? this.#handler(second) : 'never');
      return name === 'catch' || second ? handled : worse(this.#promise(owner), handled);
    }
    return this.#target(call) ?? (hardlyFails(call) ? 'hardly' : 'outside');
  }

  /** `Promise.all([a(), b()])`, `Promise.all(items.map((item) => a(item)))`. */
  #several(list: ts.Expression | undefined): Failure {
    const given = list && strip(list);
    const value = given && ts.isIdentifier(given) ? this.#onlyListed(given) : given;
    if (value && ts.isArrayLiteralExpression(value) && given === value)
      return value.elements.reduce<Failure>((sum, each) => worse(sum, this.#promise(each)), 'never');
    const [each] = value && ts.isCallExpression(value) && calleeName(value)?.text === 'map' ? value.arguments : [];
    return each ? this.#handler(each) : 'outside';
  }

  /** What a list was made of to which nobody adds anything: it is only waited for. */
  #onlyListed(name: ts.Identifier): ts.Expression | undefined {
    const uses = this.#program.unitOf(name).scopes.bindingOf(name)?.references ?? [];
    return uses.every((it) => it === name || ts.isVariableDeclaration(it.parent)) ? this.#initializer(name) : undefined;
  }

  #handler(node: ts.Expression): Failure {
    const handler = strip(node);
    if (handler.kind === ts.SyntaxKind.NullKeyword || isNamed(handler, 'undefined')) return 'never';
    const fn = isFunctionLiteral(handler) ? handler : this.#targets.functionOf(handler);
    return fn ? this.#function(fn).failure : 'hardly';
  }

  /** `new Promise((resolve) => rl.question(text, resolve))` waits; only one that can reject fails. */
  #executor({ arguments: args }: ts.NewExpression): Failure {
    const [first] = args ?? [];
    const executor = first && strip(first);
    if (!executor || !isFunctionLiteral(executor)) return 'outside';
    const [resolve, reject] = executor.parameters;
    if (reject && mentionsName(executor.body, reject.name.getText())) return 'outside';
    const name = resolve?.name.getText() ?? '';
    let failure: Failure = isAsync(executor) ? 'never' : this.#thrown(executor).failure;
    walk(executor.body, (node) => {
      if (!ts.isCallExpression(node) || !isNamed(node.expression, name)) return;
      const [value] = node.arguments;
      if (value && ts.isCallExpression(strip(value)) && mayThrow(strip(value)))
        failure = worse(failure, this.#promise(value));
    });
    return failure;
  }

  /** The project's code behind a call; `undefined` where there is none to be found. */
  #target(call: ts.CallExpression | ts.NewExpression): Failure | undefined {
    const fn = this.#targets.resolve(call)?.function;
    if (!fn?.body) return undefined;
    const { failure, guards } = this.#function(fn);
    const isMet = (indexes: readonly number[]): boolean =>
      indexes.every((index) => {
        const given = call.arguments?.[index];
        return given !== undefined && this.#isThere(given);
      });
    return guards.every(isMet) ? failure : worse(failure, 'expected');
  }

  #isThere(argument: ts.Expression): boolean {
    const value = strip(argument);
    return isVisiblyThere(ts.isIdentifier(value) ? (this.#initializer(value) ?? value) : value);
  }

  #function(fn: ts.FunctionLikeDeclaration): Summary {
    const known = this.#known.get(fn);
    if (known) return known;
    if (!fn.body || ('asteriskToken' in fn && fn.asteriskToken)) return { failure: 'outside', guards: [] };
    if (this.#active.has(fn) || this.#active.size >= maxDepth) {
      this.#cut = true;
      return { failure: this.#active.has(fn) ? 'never' : 'outside', guards: [] };
    }
    if (this.#active.size === 0) this.#cut = false;
    this.#active.add(fn);
    const summary = this.#summarise(fn);
    this.#active.delete(fn);
    const told = tellsFailure(fn) && summary.failure !== 'never' ? { ...summary, failure: 'hardly' as const } : summary;
    if (!this.#cut || this.#active.size === 0) this.#known.set(fn, told);
    return told;
  }

  #summarise(fn: ts.FunctionLikeDeclaration): Summary {
    const thrown = this.#thrown(fn);
    let { failure } = thrown;
    for (const { kind, syntax, inlined } of this.#graphs.of(fn).nodes) {
      if (failure === 'outside') break;
      if (kind === 'return' && !inlined) failure = worse(failure, this.#returned(fn, syntax));
    }
    return { failure, guards: thrown.guards };
  }

  /** What the code itself throws, or rejects with while it waits. */
  #thrown(fn: ts.FunctionLikeDeclaration): Summary {
    const guards: (readonly number[])[] = [];
    let failure: Failure = 'never';
    for (const node of sourcesOf(this.#graphs.of(fn))) {
      const guard = node.kind === 'throw' ? guardOf(node.syntax as ts.ThrowStatement, fn) : undefined;
      if (guard) guards.push(guard);
      else failure = worse(failure, this.of(node));
      if (failure === 'outside') break;
    }
    return { failure, guards };
  }

  /** A promise that a function returns without waiting for it rejects past every `catch` of its own. */
  #returned(fn: ts.FunctionLikeDeclaration, syntax: ts.Node): Failure {
    const expression = ts.isReturnStatement(syntax) ? syntax.expression : (syntax as ts.Expression);
    const value = expression && strip(expression);
    if (!value || !mayReturnPromise(fn)) return 'never';
    if (ts.isNewExpression(value)) return this.#promise(value);
    if (ts.isConditionalExpression(value))
      return worse(this.#returned(fn, value.whenTrue), this.#returned(fn, value.whenFalse));
    if (ts.isIdentifier(value)) {
      const initializer = this.#initializer(value);
      return initializer && ts.isCallExpression(initializer) ? this.#returned(fn, initializer) : 'never';
    }
    if (!ts.isCallExpression(value) || !mayThrow(value)) return 'never';
    if (receiverName(value) === 'JSON' || onlyComputes(value) || /Sync$/.test(calleeName(value)?.text ?? ''))
      return 'never';
    // What stands in a `try` that catches is most often no promise.
    if (isCaught(value, fn) && !this.#targets.resolve(value)) return 'hardly';
    return this.#promise(value);
  }

  /** What a variable that gets no other value was given. */
  #initializer(name: ts.Identifier): ts.Expression | undefined {
    const declared = this.#program.unitOf(name).scopes.bindingOf(name)?.declarations[0]?.parent;
    if (!declared || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return undefined;
    const isConst = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
    if (isConst) return declared.initializer && strip(declared.initializer);
    // `let ready = null; … ready = start().catch(report);`
    const binding = this.#program.unitOf(name).scopes.bindingOf(name);
    const [only, ...others] = binding?.writes ?? [];
    const isEmpty = !declared.initializer || isNothing(declared.initializer);
    if (!only || others.length > 0 || !isEmpty || !ts.isBinaryExpression(only.parent)) return undefined;
    return only.parent.left === only ? strip(only.parent.right) : undefined;
  }
}

/** `Promise<Result<Page, FetchError>>`: by what it returns a function tells how it failed, and is written not to throw. */
const tellsFailure = ({ type }: ts.SignatureDeclaration): boolean =>
  type !== undefined &&
  /^(?:Promise<)?\s*(?:Result|ResultAsync|Either|TaskEither)<[^<>]*(?:<.*>[^<>]*)?,.+>$/s.test(type.getText());

/** The nodes whose throw leaves the function; a `throw` in a `catch` has its reason in the `try`. */
function sourcesOf({ nodes, thrown }: FlowGraph): readonly FlowNode[] {
  const leaving = new Set<FlowNode>([thrown]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const node of nodes) {
      if (leaving.has(node)) continue;
      const isRethrow = node.kind === 'throw' && isInCatch(node.syntax);
      if (!node.edges.some(({ to, kind }) => leaving.has(to) && (kind !== 'throw' || isRethrow))) continue;
      leaving.add(node);
      grown = true;
    }
  }
  return nodes.filter(
    (node) =>
      !(node.kind === 'throw' && isInCatch(node.syntax)) &&
      node.edges.some(({ to, kind }) => kind === 'throw' && leaving.has(to)),
  );
}

function isInCatch(node: ts.Node): boolean {
  for (let current = node; current.parent && !ts.isFunctionLike(current); current = current.parent)
    if (ts.isCatchClause(current)) return true;
  return false;
}

/** What a promise chain starts with: `load()` of `load().then(…).catch(…)`. */
function chainStart(call: ts.CallExpression): ts.Expression {
  const owner = receiver(call);
  return owner ? strip(owner) : call;
}

/**
 * Whether a call makes a promise, perhaps, that its function returns. Nobody takes what an executor returns, and what
 * the callback of `map()` returns is waited for elsewhere.
 */
function isReturnedValue(call: ts.CallExpression): boolean {
  if (!isReturned(call)) return false;
  const fn = enclosingRoot(call);
  if (!ts.isFunctionLike(fn)) return false;
  if (isFunctionLiteral(fn)) {
    const taker = unstrip(fn).parent;
    if (ts.isNewExpression(taker)) return false;
    if (ts.isCallExpression(taker) && taker.arguments[0] === unstrip(fn) && each.test(calledMethod(taker) ?? ''))
      return isAsync(fn);
  }
  return mayReturnPromise(fn);
}

const each = /^(?:map|flatMap|filter|find|findIndex|some|every|forEach|reduce|sort|toSorted)$/;

/** Whether the types that a function is written with let it return a promise. */
const mayReturnPromise = (fn: ts.SignatureDeclaration): boolean =>
  isAsync(fn) || !fn.type || !plainTypes.test(fn.type.getText());

const plainTypes =
  /^(?:(?:string|number|boolean|bigint|void|undefined|null|never|Buffer|Uint8Array|Date)(?:\[\])?(?:\s*\|\s*(?=\w)|$))+$/;

const isNamed = (node: ts.Expression, name: string): boolean => {
  const inner = strip(node);
  return ts.isIdentifier(inner) && inner.text === name;
};
