import ts from 'typescript';
import type { Span, WitnessStep } from '../finding.ts';
import {
  handlerExports,
  type LifecycleMethod,
  lifecycles,
  singletonDecorators,
  type Times,
} from '../resources/callbacks.ts';
import { occurrences } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  functionName,
  isFunctionLiteral,
  isRoot,
  memberName,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { canBeMiddleware, comesOnce, removesItself, takesListener } from './callbackShapes.ts';
import { calledBack, calledBackFrom, isCalledAtOnce, takerOf } from './calledBack.ts';
import {
  type Callable,
  constructionsOf,
  declaredName,
  exportedNames,
  methodOf,
  type Use,
  usesOf,
} from './callSites.ts';
import { isCommandModule, isRequestHandler } from './commandHandlers.ts';
import { areExclusive, leavesLoop } from './exclusive.ts';
import { holdsOver, type Latch, latchBetween } from './latches.ts';
import { isTestFile } from './places.ts';

/** A call on the way from what repeats to the code in question. */
export interface Hop {
  readonly callee: Callable | ts.ClassLikeDeclaration;
  readonly call: ts.CallExpression | ts.NewExpression;
}

/** Why a piece of code may run any number of times. */
export interface Repetition {
  /** `element`: a number of times that what is iterated bounds · `loop`, `recursion` and the rest: any number. */
  readonly times: Exclude<Times, 'once'> | 'loop' | 'recursion';
  /** The end of a sentence that starts with “every”: `request`, `turn of the loop`. */
  readonly each: string;
  /** The loop or function that runs again and again: what is made outside of it outlives each run. */
  readonly region: ts.Node;
  /** How the region leads to the code, the call nearest to the code first. */
  readonly hops: readonly Hop[];
  /** The functions and classes on the way: what they declare is new each time. */
  readonly entered: readonly ts.Node[];
  /** The same for people: from the code outward. */
  readonly steps: readonly WitnessStep[];
}

/** At most this many functions are looked at for one question. */
const budget = 200;

/** Tells whether code runs once or again and again, following calls within the project. */
export class RepeatedContexts {
  readonly #semantics: Semantics;
  readonly #across: boolean;
  readonly #known = new WeakMap<ts.Node, { readonly repetition: Repetition | undefined }>();
  readonly #active = new Set<ts.Node>();
  #left = 0;
  /** Whether a question was answered without following everything. */
  #cut = false;

  /** `across`: calls in other files count, too. */
  constructor(semantics: Semantics, across: boolean) {
    this.#semantics = semantics;
    this.#across = across;
  }

  /** Why the node may run more than once in the life of the program; `undefined` when nothing shows that it does. */
  of(node: ts.Node): Repetition | undefined {
    this.#left = budget;
    const found = this.#climb(node, false);
    return found && found.times === 'recursion' && this.#isPassed(node, found.region) ? undefined : found;
  }

  /** `if (!server) { setTimeout(attach, 1000); return; }`: a run that comes again has not come as far as the node. */
  #isPassed(node: ts.Node, fn: ts.Node): boolean {
    const isMethod = ts.isMethodDeclaration(fn) && ts.isIdentifier(fn.name);
    const name = isMethod ? (fn.name as ts.Identifier) : declaredName(fn);
    if (!name || !contains(fn, node)) return false;
    const unit = this.#semantics.program.unitOf(fn);
    const mentions = isMethod
      ? occurrences(unit, name.text).filter((it) => ts.isPropertyAccessExpression(it.parent) && it.parent.name === it)
      : (unit.scopes.bindingOf(name)?.references ?? []);
    const again = mentions.filter((it) => contains(fn, it));
    return again.length > 0 && again.every((it) => areExclusive(it, node));
  }

  /** From a node outward until something repeats, or nothing can. */
  #climb(node: ts.Node, deferred: boolean): Repetition | undefined {
    const root = rootOf(node);
    const latches: Latch[] = [];
    for (let child = node; ; child = child.parent) {
      const { parent } = child;
      if (!parent || ts.isSourceFile(child)) return undefined;
      if (child !== node && isRoot(child)) {
        const name = declaredName(child);
        if (latches.some((latch) => holdsOver(latch, child)) || (name && comesOnce(node, name.text))) return undefined;
        return this.#function(child as Callable, deferred);
      }
      if (ts.isPropertyDeclaration(child)) {
        const isStatic = ts.getModifiers(child)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
        return isStatic || !ts.isClassLike(parent) ? undefined : this.#instances(parent, deferred);
      }
      const loop = loopAround(child, parent);
      if (loop && !leavesLoop(node, parent) && !latches.some((latch) => holdsOver(latch, parent))) {
        return {
          ...loop,
          region: parent,
          hops: [],
          entered: [],
          steps: [step(parent, firstLine(parent), `every ${loop.each}`)],
        };
      }
      const latch = latchBetween(this.#semantics, child, parent, root);
      if (latch) latches.push(latch);
    }
  }

  #function(fn: Callable, deferred: boolean): Repetition | undefined {
    if (this.#active.has(fn)) {
      this.#cut = true;
      return deferred ? this.#again(fn) : undefined;
    }
    const known = this.#known.get(fn);
    if (known) return known.repetition;
    if (this.#left-- <= 0) {
      this.#cut = true;
      return undefined;
    }
    this.#active.add(fn);
    if (this.#active.size === 1) this.#cut = false;
    const repetition = this.#judge(fn, deferred);
    this.#active.delete(fn);
    if (!this.#cut || this.#active.size === 0) this.#known.set(fn, { repetition });
    return repetition;
  }

  /** Calls itself again when something happens: it reconnects, restarts, tries again. */
  #again(fn: Callable): Repetition {
    return {
      times: 'recursion',
      each: `time \`${nameOf(fn)}\` calls itself`,
      region: fn,
      hops: [],
      entered: [],
      steps: [],
    };
  }

  #judge(fn: Callable, deferred: boolean): Repetition | undefined {
    const lifecycle = this.#lifecycle(fn);
    if (lifecycle) return lifecycle;
    if (ts.isConstructorDeclaration(fn)) return this.#instances(fn.parent, deferred);
    if (isFunctionLiteral(fn)) {
      const whole = unstrip(fn);
      if (isCalledAtOnce(fn)) return this.#climb(whole.parent, deferred);
      const found = this.#given(fn, deferred, fn);
      if (found !== 'nowhere') return found;
    }
    const inObject =
      ts.isMethodDeclaration(fn) && ts.isObjectLiteralExpression(fn.parent) ? this.#member(fn) : undefined;
    if (inObject) return inObject;
    const { uses } = usesOf(this.#semantics, fn, this.#across);
    const counting = uses.filter((it) => this.#countsFor(fn, it));
    return this.#exportedHandler(fn) ?? this.#used(fn, counting, deferred);
  }

  /** What tests do again and again shows nothing about the program. */
  #countsFor(node: ts.Node, use: Use): boolean {
    const { host } = this.#semantics.program;
    const path = (use.kind === 'call' ? use.call : use.node).getSourceFile().fileName;
    return !isTestFile(host, path) || isTestFile(host, node.getSourceFile().fileName);
  }

  /** A function that is handed to a call, or put into an object that is. */
  #given(node: ts.Expression, deferred: boolean, fn?: Callable): Repetition | undefined | 'nowhere' {
    const taker = takerOf(node);
    if (taker) {
      const { call, argument } = taker;
      const back = calledBack(call, argument);
      if (back.times === 'once' || removesItself(node, fn) || (fn && !canBeMiddleware(call, fn)))
        return this.#climb(call, deferred || back.deferred);
      const token = calleeName(call) ?? call.expression;
      const label = back.times === 'component' ? `runs for every ${back.each}` : `runs on every ${back.each}`;
      const steps = [step(token, spanOf(token), label)];
      return { times: back.times, each: back.each, region: regionOf(node), hops: [], entered: [], steps };
    }
    const { parent } = unstrip(node);
    const isProperty = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
    const found = isProperty ? this.#member(parent) : undefined;
    return found ? { ...found, region: regionOf(node) } : 'nowhere';
  }

  /** A handler in an object that is handed to somebody: `route({ handler })`, `export default { fetch }`. */
  #member(member: ts.ObjectLiteralElementLike): Repetition | undefined {
    const { name, parent } = member;
    if (!name || !ts.isObjectLiteralExpression(parent)) return undefined;
    const taker = takerOf(parent)?.call;
    if (!taker && !ts.isExportAssignment(unstrip(parent).parent)) return undefined;
    const back = calledBackFrom(name.getText());
    if (!back || takesListener(member)) return undefined;
    if (name.getText() === 'handler' && !isRequestHandler(this.#semantics.program.host, member, taker))
      return undefined;
    const steps = [step(name, spanOf(name), `runs on every ${back.each}`)];
    return { times: 'request', each: back.each, region: member, hops: [], entered: [], steps };
  }

  #used(fn: Callable, uses: readonly Use[], deferred: boolean): Repetition | undefined {
    for (const use of uses) {
      if (use.kind === 'call') {
        const found = this.#climb(use.call, deferred);
        if (found) return called(fn, use.call, found);
      } else {
        const found = this.#given(use.node, deferred, fn);
        if (found && found !== 'nowhere') return referred(fn, use.node, found);
      }
    }
    return undefined;
  }

  /** How often a class is instantiated. */
  #instances(owner: ts.ClassLikeDeclaration, deferred: boolean): Repetition | undefined {
    if (this.#active.has(owner)) return undefined;
    const lifecycle = lifecycleOf(owner, 'constructor', []);
    if (lifecycle) return fromLifecycle(lifecycle, owner, owner.name ?? owner);
    if (decoratorsOf(owner).some((name) => singletonDecorators.test(name))) return undefined;
    this.#active.add(owner);
    try {
      for (const use of constructionsOf(this.#semantics, owner, this.#across).uses) {
        if (!this.#countsFor(owner, use)) continue;
        const found = use.kind === 'call' ? this.#climb(use.call, deferred) : undefined;
        if (found && use.kind === 'call') return called(owner, use.call, found);
      }
      return undefined;
    } finally {
      this.#active.delete(owner);
    }
  }

  #lifecycle(fn: Callable): Repetition | undefined {
    const method = methodOf(fn);
    if (!method) return undefined;
    const found = lifecycleOf(method.owner, method.name, decoratorsOf(fn));
    return found && fromLifecycle(found, fn, (fn as ts.MethodDeclaration).name ?? fn);
  }

  #exportedHandler(fn: Callable): Repetition | undefined {
    const names = exportedNames(this.#semantics, fn);
    if (names.length === 0) return undefined;
    const { host } = this.#semantics.program;
    const { inPackage } = host.location(fn.getSourceFile().fileName);
    const found = handlerExports.find(
      ({ names: own, file }) => own.some((n) => names.includes(n)) && (!file || file.test(inPackage)),
    );
    if (!found) return undefined;
    const { named } = this.#semantics.program.unitOf(fn).exports;
    if (names.includes('handler') && isCommandModule(host, fn, named.keys())) return undefined;
    const token = (ts.isFunctionDeclaration(fn) ? fn.name : undefined) ?? fn;
    const steps = [step(token, firstLine(token), `runs on every ${found.each}`)];
    return { times: 'request', each: found.each, region: fn, hops: [], entered: [], steps };
  }
}

function called(
  callee: Callable | ts.ClassLikeDeclaration,
  call: ts.CallExpression | ts.NewExpression,
  found: Repetition,
): Repetition {
  const token = calleeName(call) ?? call.expression;
  const verb = ts.isNewExpression(call) ? 'is constructed' : 'is called';
  const label = `\`${nameOf(callee)}\` ${verb} here`;
  return {
    ...found,
    hops: [{ callee, call }, ...found.hops],
    entered: [callee, ...found.entered],
    steps: [step(token, spanOf(token), label), ...found.steps],
  };
}

/** A function that is handed to somebody who runs it: what repeats is the function itself, or something further out. */
function referred(fn: Callable, reference: ts.Expression, found: Repetition): Repetition {
  if (found.region === reference) return { ...found, region: fn };
  const label = `\`${nameOf(fn)}\` is handed on here`;
  return {
    ...found,
    entered: [fn, ...found.entered],
    steps: [step(reference, spanOf(reference), label), ...found.steps],
  };
}

function fromLifecycle(found: LifecycleMethod, region: ts.Node, token: ts.Node): Repetition {
  const steps = [step(token, firstLine(token), `runs for every ${found.each}`)];
  return { times: found.times as Repetition['times'], each: found.each, region, hops: [], entered: [], steps };
}

function lifecycleOf(
  owner: ts.ClassLikeDeclaration,
  name: string,
  decorators: readonly string[],
): LifecycleMethod | undefined {
  const base = owner.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const baseName = base && (memberName(base.expression) ?? base.expression.getText());
  return lifecycles.find((it) => {
    if (it.decorators) return it.decorators.some((d) => decorators.includes(d));
    if (!it.names?.includes(name)) return false;
    if (it.base) return baseName !== undefined && it.base.test(baseName);
    return decoratorsOf(owner).some((d) => it.classDecorator?.test(d) ?? false);
  });
}

/** The names of the decorators of a class or member. */
export function decoratorsOf(node: ts.Node): readonly string[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) => {
    const callee = ts.isCallExpression(expression) ? expression.expression : expression;
    return memberName(callee) ?? callee.getText();
  });
}

/** The loop that `child` is repeated by, when `parent` is one. */
function loopAround(
  child: ts.Node,
  parent: ts.Node,
): { times: 'loop' | 'element' | 'event'; each: string } | undefined {
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) {
    if (child !== parent.statement || endsAtOnce(parent.statement)) return undefined;
    return ts.isForOfStatement(parent) && parent.awaitModifier
      ? { times: 'event', each: 'element of the stream' }
      : { times: 'element', each: 'turn of the loop' };
  }
  if (ts.isForStatement(parent)) {
    if (child === parent.initializer || endsAtOnce(parent.statement)) return undefined;
    return { times: parent.condition ? 'element' : 'loop', each: 'turn of the loop' };
  }
  if (ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    return endsAtOnce(parent.statement) ? undefined : { times: 'loop', each: 'turn of the loop' };
  return undefined;
}

/** A body that leaves the loop in any case: `for (;;) { …; return x; }`. */
function endsAtOnce(body: ts.Statement): boolean {
  const last = ts.isBlock(body) ? body.statements.at(-1) : body;
  const isExit =
    last !== undefined && (ts.isReturnStatement(last) || ts.isBreakStatement(last) || ts.isThrowStatement(last));
  return isExit && !/\bcontinue\b/.test(body.getText());
}

function rootOf(node: ts.Node): ts.Node {
  let current = node.parent;
  while (current && !isRoot(current)) current = current.parent;
  return current ?? node.getSourceFile();
}

/** The function literal behind an argument, or the expression itself. */
function regionOf(node: ts.Expression): ts.Node {
  const inner = strip(node);
  return isFunctionLiteral(inner) ? inner : node;
}

function nameOf(node: Callable | ts.ClassLikeDeclaration): string {
  if (ts.isClassLike(node)) return node.name?.text ?? 'the class';
  if (ts.isConstructorDeclaration(node)) return node.parent.name?.text ?? 'the class';
  return functionName(node) ?? 'the function';
}

export function spanOf(node: ts.Node): Span {
  return { start: node.getStart(), end: node.end };
}

/** The node's own range, cut at the end of its first line. */
export function firstLine(node: ts.Node): Span {
  const start = node.getStart();
  const text = node.getSourceFile().text;
  const stop = text.slice(start, node.end).search(/[\r\n]/);
  return { start, end: stop < 0 ? node.end : start + stop };
}

function step(node: ts.Node, span: Span, label: string): WitnessStep {
  return { path: node.getSourceFile().fileName, span, label };
}
