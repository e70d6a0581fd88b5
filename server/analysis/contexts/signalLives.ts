import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { isFinallyBlock } from '../syntax/leaving.ts';
import { initialOf } from '../syntax/scopes.ts';
import {
  contains,
  enclosingClass,
  enclosingRoot,
  isFunctionLiteral,
  isNothing,
  memberName,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { originOf, type SignalOrigin, signalIn } from './abortSignals.ts';
import { takerOf } from './calledBack.ts';
import { isTestFile } from './places.ts';

/**
 * How long a signal lives that a function is given: `call`: whoever calls makes one for this call · `ended`: and aborts
 * it in any case when the call is over · `object`: a caller passes that of its object, which may live just as long ·
 * `longer`: a caller passes one that serves more than this call · `open`: nobody knows, because no caller is seen or what they pass cannot be read.
 */
export type SignalLife = 'call' | 'ended' | 'object' | 'longer' | 'open';

/** How many callers are followed, one above the other. */
const maxDepth = 5;
/** At most this many functions are looked at for one question. */
const budget = 60;

/** Tells how long signals live, by what callers pass. */
export class SignalLives {
  readonly #semantics: Semantics;
  readonly #known = new WeakMap<ts.ParameterDeclaration, SignalLife>();
  readonly #active = new Set<ts.ParameterDeclaration>();
  #left = 0;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  of({ kind, declared, parameter }: SignalOrigin): SignalLife {
    if (kind === 'own') return declared && isAbortedAtLast(this.#semantics, declared) ? 'ended' : 'call';
    if (kind === 'field' || kind === 'module') return 'longer';
    if (!parameter) return 'open';
    let life = this.#known.get(parameter);
    if (!life) {
      this.#left = budget;
      life = this.#ofParameter(parameter);
      this.#known.set(parameter, life);
    }
    return life;
  }

  #ofParameter(parameter: ts.ParameterDeclaration): SignalLife {
    // A function that calls itself passes on what it was given.
    if (this.#active.has(parameter) || this.#active.size > maxDepth || this.#left-- <= 0) return 'open';
    this.#active.add(parameter);
    const life = this.#byCallers(parameter);
    this.#active.delete(parameter);
    return life;
  }

  #byCallers(parameter: ts.ParameterDeclaration): SignalLife {
    const fn = parameter.parent;
    if (!('body' in fn)) return 'open';
    const uses = this.#semantics.references.usesOf(fn as ts.FunctionLikeDeclaration);
    if (uses === 'unknown') return 'open';
    const lives: SignalLife[] = [];
    for (const { call, certain, unit } of uses.calls) {
      // What tests pass shows nothing about the program.
      if (isTestFile(this.#semantics.program.host, unit.path)) continue;
      const argument = call.arguments?.[fn.parameters.indexOf(parameter)];
      const value = argument && signalIn(this.#literalOf(strip(argument)));
      if (!value || ts.isObjectLiteralExpression(strip(value)) || isNothing(value)) continue;
      // Something else of that name may take something else.
      if (!certain && !/signal/i.test(value.getText())) continue;
      const life = this.#ofArgument(value, call);
      lives.push((life === 'longer' || life === 'object') && !certain ? 'open' : life);
    }
    const long = (['longer', 'object'] as const).find((it) => lives.includes(it));
    if (long) return long;
    if (lives.includes('call')) return 'call';
    if (lives.includes('ended')) return lives.includes('open') ? 'call' : 'ended';
    return lives.length === 0 && isGivenByLibrary(this.#semantics, parameter) ? 'call' : 'open';
  }

  #ofArgument(value: ts.Expression, call: ts.Node): SignalLife {
    const origin = originOf(this.#semantics, value);
    if (!origin) return this.#ofCallback(value);
    if (origin.kind === 'field' && isRenewedFor(value, call)) return 'call';
    if (origin.kind === 'field') return this.#ofField(value);
    if (origin.kind === 'module') return 'longer';
    if (origin.kind !== 'own') return origin.parameter ? this.#ofParameter(origin.parameter) : 'open';
    const made = origin.declared;
    if (made && isAbortedAtLast(this.#semantics, made)) return 'ended';
    return made && servesManyTurns(made, call) ? 'longer' : 'call';
  }

  /** What an object is given for itself alone ends with it, if all who make such objects make a signal for each. */
  #ofField(value: ts.Expression): SignalLife {
    const access = strip(value);
    const owner = enclosingClass(value);
    if (!owner || !ts.isPropertyAccessExpression(access) || access.expression.kind !== ts.SyntaxKind.ThisKeyword)
      return 'object';
    const name = access.name.text;
    const maker = owner.members.find(ts.isConstructorDeclaration);
    const property = maker?.parameters.find(
      (it) => ts.isParameterPropertyDeclaration(it, maker) && it.name.getText() === name,
    );
    const [written, another] = fieldAssignments(owner, name);
    const given = property ?? (written && !another ? this.#parameterOf(strip(written.right)) : undefined);
    if (!given || given.parent !== maker) return 'object';
    const life = this.#ofParameter(given);
    return life === 'call' || life === 'ended' ? 'call' : 'object';
  }

  /** `queue.add((signal) => work(signal))`: what the project's own `add` calls back with. */
  #ofCallback(value: ts.Expression): SignalLife {
    const node = strip(value);
    const isOfController = ts.isPropertyAccessExpression(node) && node.name.text === 'signal';
    const parameter = this.#parameterOf(isOfController ? strip(node.expression) : node);
    const fn = parameter?.parent;
    const taker = fn && isFunctionLiteral(fn) ? takerOf(fn) : undefined;
    if (!parameter || !fn || !taker || this.#active.size > maxDepth || this.#left-- <= 0) return 'open';
    // Who calls back with a controller has made it for that.
    if (isOfController) return 'call';
    const takes = this.#semantics.targets.resolve(taker.call)?.function;
    const name = takes?.parameters[taker.call.arguments?.indexOf(taker.argument) ?? -1]?.name;
    if (!name || !ts.isIdentifier(name)) return 'open';
    const given = this.#semantics.program.unitOf(name).scopes.bindingOf(name)?.references ?? [];
    const lives = given.map((reference): SignalLife => {
      const { parent } = unstrip(reference);
      // What goes elsewhere is called by somebody else.
      const isCalled = ts.isCallExpression(parent) && strip(parent.expression) === reference;
      const signal = isCalled ? parent.arguments[fn.parameters.indexOf(parameter)] : undefined;
      return isCalled && signal ? this.#ofArgument(signal, parent) : 'open';
    });
    if (lives.length === 0 || lives.includes('open')) return 'open';
    // An object that calls back does so again and again.
    if (lives.includes('longer') || lives.includes('object')) return 'longer';
    return lives.includes('call') ? 'call' : 'ended';
  }

  #parameterOf(value: ts.Expression): ts.ParameterDeclaration | undefined {
    const binding = ts.isIdentifier(value) && this.#semantics.program.unitOf(value).scopes.bindingOf(value);
    const declared = binding ? binding.declarations[0]?.parent : undefined;
    return declared && ts.isParameter(declared) ? declared : undefined;
  }

  /** `const options = { signal }; work(options)` */
  #literalOf(argument: ts.Expression): ts.Expression {
    if (!ts.isIdentifier(argument)) return argument;
    const initial = initialOf(this.#semantics.program.unitOf(argument).scopes.bindingOf(argument));
    return initial && ts.isObjectLiteralExpression(initial) ? initial : argument;
  }
}

/** `this.controller = new AbortController(); await work(this.controller.signal)`: a new one for each call. */
function isRenewedFor(value: ts.Expression, call: ts.Node): boolean {
  const access = strip(value);
  const owner = enclosingClass(call);
  const controller = ts.isPropertyAccessExpression(access) ? strip(access.expression) : undefined;
  if (!owner || !controller || !ts.isPropertyAccessExpression(controller)) return false;
  const root = enclosingRoot(call);
  return fieldAssignments(owner, controller.name.text).some(
    ({ left, right }) =>
      left.pos < call.pos && enclosingRoot(left) === root && /^new AbortController\b/.test(strip(right).getText()),
  );
}

/** One signal for all turns of a loop that calls. */
function servesManyTurns(made: ts.Node, call: ts.Node): boolean {
  const root = enclosingRoot(call);
  for (let node = call.parent; node && node !== root; node = node.parent) {
    if (!ts.isIterationStatement(node, false) || contains(node, made)) continue;
    if (contains(root, made) && contains(node.statement, call)) return true;
  }
  return false;
}

/** `const controller = new AbortController(); try { … } finally { controller.abort(); }` */
function isAbortedAtLast(semantics: Semantics, made: ts.Node): boolean {
  const variable = ts.findAncestor(made, ts.isVariableDeclaration);
  if (!variable || !ts.isIdentifier(variable.name)) return false;
  const { name } = variable;
  const root = enclosingRoot(variable);
  const binding = semantics.program.unitOf(name).scopes.bindingOf(name);
  return (
    binding?.references.some((it) => {
      const access = it.parent;
      if (!ts.isPropertyAccessExpression(access) || access.expression !== it || access.name.text !== 'abort')
        return false;
      if (!ts.isCallExpression(access.parent) || enclosingRoot(it) !== root) return false;
      const block = ts.findAncestor(it, isFinallyBlock);
      return block !== undefined && contains(root, block);
    }) ?? false
  );
}

/**
 * `lock(stop: AbortSignal)` of a `class DiskLock implements Lock`, where a library tells what a lock is: the library
 * calls, and makes a signal each time. One that may be absent, or comes among options, is passed on from its users.
 */
function isGivenByLibrary(
  semantics: Semantics,
  { parent: fn, name, questionToken, initializer }: ts.ParameterDeclaration,
) {
  if (!ts.isIdentifier(name) || questionToken || initializer || !/(?:signal|stop|abort)$/i.test(name.text))
    return false;
  if (!ts.isMethodDeclaration(fn) || !ts.isClassLike(fn.parent)) return false;
  const clauses = fn.parent.heritageClauses ?? [];
  return clauses.some(
    ({ token, types }) =>
      token === ts.SyntaxKind.ImplementsKeyword &&
      types.some(({ expression }) => {
        if (!ts.isIdentifier(expression)) return false;
        const declared = semantics.program.unitOf(expression).scopes.bindingOf(expression)?.declarations[0];
        const statement = declared && ts.findAncestor(declared, ts.isImportDeclaration);
        return statement !== undefined && /^['"](?![./#])/.test(statement.moduleSpecifier.getText());
      }),
  );
}

/**
 * Whether the same piece of work removes another `abort` listener from the signal when it is over: whoever wrote it
 * takes the signal for one that lives on.
 */
export function removesOthers(emitter: ts.Expression, call: ts.Node, handler: ts.Node): boolean {
  const text = strip(emitter).getText();
  let outer: ts.Node = enclosingRoot(call);
  // The executor of a promise belongs to the work around it.
  while (!ts.isSourceFile(outer) && ts.isNewExpression(outer.parent)) outer = enclosingRoot(outer.parent);
  let found = false;
  walk(outer, (node) => {
    if (found || !ts.isCallExpression(node) || contains(handler, node)) return;
    const callee = strip(node.expression);
    if (!ts.isPropertyAccessExpression(callee) || memberName(callee) !== 'removeEventListener') return;
    const root = enclosingRoot(node);
    const removed = node.arguments[1]?.getText();
    // A listener that removes itself says nothing.
    found = strip(callee.expression).getText() === text && !isNamed(root, removed);
  });
  return found;
}

function isNamed(root: ts.Node, name: string | undefined): boolean {
  const { parent } = root;
  return parent && ts.isVariableDeclaration(parent) && parent.name.getText() === name;
}
