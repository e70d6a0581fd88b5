import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  receiver,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isClearedOnWay } from './clearedOnWay.ts';
import { isNeverPending } from './exclusive.ts';
import type { Handle, HandleReference } from './handles.ts';
import { isWithin, type MadePromise, promiseAround, type Settlement, settlementsOf } from './settling.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** A promise that something else than its deadline can settle, after which the deadline's timer goes on. */
export interface LeftDeadline {
  readonly promise: MadePromise;
  /** Where it is settled without clearing the timer. */
  readonly settled: Settlement;
  /** A place where it is settled and the timer cleared, if there is one. */
  readonly cleared: ts.Node | undefined;
  /** Whether only failures leave the timer running. */
  readonly failing: boolean;
}

/**
 * A timer that settles a promise although somebody else may have settled it before: `setTimeout(() => reject(…))` beside
 * `socket.once('connect', resolve)`. Each place that settles the promise has to clear it.
 */
export function leftDeadline(
  timer: Timer,
  handle: Handle | undefined,
  unit: SourceUnit,
  semantics: Semantics,
): LeftDeadline | 'cleared' | 'none' {
  const promise = promiseAround(timer.call, unit);
  if (!promise) return 'none';
  const settlements = settlementsOf(promise);
  const own = callbackLiteral(timer);
  const isDeadline = settlements.some(
    (it) => it.node === timer.callback || (own && isWithin(it, own) && !isAfterWork(it, own)),
  );
  // One that only failures clear is meant to go on after a success.
  const successes = settlements.filter((it) => !isFailure(it));
  if (!isDeadline && !(handle && isTied(successes, handle))) return 'none';
  if (handle?.clears.some(({ node }) => !contains(promise.executor, node))) return 'none';
  const polled = timer.kind === 'interval' ? namedCallback(timer, handle) : undefined;
  const others = settlements.filter(
    (it) => it.node !== timer.callback && !(own && isWithin(it, own)) && !(polled && isWithin(it, polled)),
  );
  if (handle?.clears.some(({ node }) => isAtCallback(node, timer) || isHandedOut(node, promise, unit)))
    return 'cleared';
  const uncleared: Settlement[] = [];
  for (const other of others) {
    if (other.closures.some((it) => isNeverRun(it, unit))) continue;
    const way = wayOf(other, timer, handle, unit);
    if (way === 'unclear') return 'cleared';
    const isLate = handle && isClearedOnWay(timer, handle, semantics, other.closures.at(-1) ?? other.node);
    if (way === 'uncleared' && !isLate) uncleared.push(other);
  }
  const [settled] = uncleared;
  if (!settled) return others.length === 0 ? 'none' : 'cleared';
  const cleared = handle?.clears.find(({ node }) => !own || !contains(own, node))?.node;
  return { promise, settled, cleared, failing: uncleared.every(isFailure) };
}

/** `listener = () => resolve(); emitter.off('event', listener)`: a function that is only ever taken away runs never. */
function isNeverRun(fn: ts.Node, { scopes }: SourceUnit): boolean {
  const { parent } = unstrip(fn as ts.Expression);
  const target = ts.isVariableDeclaration(parent)
    ? parent.name
    : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
      ? strip(parent.left)
      : undefined;
  const binding = target && ts.isIdentifier(target) ? scopes.bindingOf(target) : undefined;
  const reads = binding?.references.filter((it) => !binding.writes.includes(it) && !binding.declarations.includes(it));
  return !!reads && reads.length > 0 && reads.every(isRemoval);
}

/** `emitter.off('event', listener)` */
function isRemoval(reference: ts.Expression): boolean {
  const { parent } = unstrip(reference);
  return (
    ts.isCallExpression(parent) &&
    parent.arguments.includes(unstrip(reference)) &&
    /^(?:off|remove\w*)$/.test(calleeName(parent)?.text ?? '')
  );
}

/** `setTimeout(() => attempt().then(resolve, reject), pause)`: the timer is a pause before the work that settles the promise. */
function isAfterWork({ node, call, closures }: Settlement, own: ts.Node): boolean {
  const inner = closures.slice(0, closures.indexOf(own as ts.FunctionLikeDeclaration));
  return [...(call ? [] : [node]), ...inner].some((it) => {
    const { parent } = unstrip(it as ts.Expression);
    return ts.isCallExpression(parent) && /^(?:then|catch|finally)$/.test(calleeName(parent)?.text ?? '');
  });
}

/**
 * `socket.send(message, () => { clearTimeout(timer); … })` behind the start: the deadline is for this call, which tells by
 * its callback that it is over, whether it failed or not.
 */
function isAtCallback(clear: ts.Node, timer: Timer): boolean {
  const fn = enclosingRoot(clear);
  if (!isFunctionLiteral(fn) || !ts.isBlock(fn.body) || enclosingRoot(timer.call) === fn) return false;
  const { parent: user } = unstrip(fn);
  const isLast = ts.isCallExpression(user) && user.arguments.length > 1 && user.arguments.at(-1) === unstrip(fn);
  return (
    isLast &&
    user.pos > timer.call.pos &&
    enclosingRoot(user) === enclosingRoot(timer.call) &&
    !listening.has(calleeName(user)?.text ?? '') &&
    /^(?:e|err|error)$/.test(fn.parameters[0]?.name.getText() ?? '') &&
    fn.body.statements.some((it) => ts.isExpressionStatement(it) && contains(it, clear))
  );
}

/** `cleanup = () => clearTimeout(timer)` for a name outside of the promise: whoever waits for it calls that behind the wait. */
function isHandedOut(clear: ts.Node, { executor }: MadePromise, { scopes }: SourceUnit): boolean {
  const fn = enclosingRoot(clear);
  const { parent } = isFunctionLiteral(fn) ? unstrip(fn) : fn;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  const target = strip(parent.left);
  const references = (ts.isIdentifier(target) && scopes.bindingOf(target)?.references) || [];
  return references.some((it) => !contains(executor, it) && it.parent !== parent && ts.isCallExpression(it.parent));
}

/** `reject(…)`, and whatever a `.catch()` or a listener of `error` does. */
function isFailure({ by, node, closures }: Settlement): boolean {
  if (by === 'reject') return true;
  const user = unstrip((closures.at(-1) ?? node) as ts.Expression).parent;
  if (!ts.isCallExpression(user)) return false;
  const name = calleeName(user)?.text ?? '';
  const [event] = user.arguments;
  return (
    name === 'catch' || (listening.has(name) && !!event && ts.isStringLiteralLike(event) && event.text === 'error')
  );
}

/** What an interval runs and others may run, too. */
function namedCallback({ callback }: Timer, handle: Handle | undefined): ts.Node | undefined {
  return callback && ts.isIdentifier(strip(callback)) ? handle?.functionNamed(callback) : undefined;
}

/** Whether code that settles the promise clears the timer with it: then the timer is to last no longer. */
function isTied(settlements: readonly Settlement[], handle: Handle): boolean {
  return settlements.some(({ closures: [innermost] }) => innermost && handle.clears.some((it) => owns(innermost, it)));
}

const owns = (fn: ts.Node, { node }: Pick<HandleReference, 'node'>): boolean => enclosingRoot(node) === fn;

/** Whether the timer settles the promise around it. */
export function settlesAlone(timer: Timer, unit: SourceUnit): boolean {
  const promise = promiseAround(timer.call, unit);
  const own = callbackLiteral(timer);
  return !!promise && settlementsOf(promise).some((it) => it.node === timer.callback || (own && isWithin(it, own)));
}

/** How a settlement stands to the timer; `unclear` when other code decides. */
function wayOf(
  settlement: Settlement,
  timer: Timer,
  handle: Handle | undefined,
  unit: SourceUnit,
): 'cleared' | 'uncleared' | 'unclear' {
  const { closures, node, call } = settlement;
  for (const closure of closures) {
    if (handle?.isClearedIn(closure)) return 'cleared';
    if (handle && areCallersDone(closure, timer, handle, unit)) return 'cleared';
    const user = unstrip(closure as ts.Expression).parent;
    if (handle && user && ts.isCallExpression(user) && passesTo(user, handle)) return 'cleared';
    if (contains(closure, timer.call) && closure === closures.at(-1)) break;
  }
  // Settled while the function runs that starts the timer: before, or instead of it.
  if (closures.length === 0 && call) return 'cleared';
  if (isNeverPending(settlement, timer, handle)) return 'cleared';
  if (handle && isHeardByClear(settlement, handle)) return 'cleared';
  if (call) return 'uncleared';
  const { parent } = unstrip(node);
  // The function goes to somebody who may do anything with it, unless it is a listener or a handler of a promise.
  if (!ts.isCallExpression(parent))
    return ts.isBinaryExpression(parent) && isHandlerProperty(parent) ? 'uncleared' : 'unclear';
  if (handle && passesTo(parent, handle)) return 'cleared';
  return listening.has(calleeName(parent)?.text ?? '') ? 'uncleared' : 'unclear';
}

/**
 * `clearTimeout(timer); finish();`: whether everybody who runs a function of the executor has cleared the timer before,
 * is the timer itself, or comes before its start.
 */
function areCallersDone(fn: ts.Node, timer: Timer, handle: Handle, { scopes }: SourceUnit): boolean {
  const declared = ts.isFunctionDeclaration(fn) || ts.isVariableDeclaration(fn.parent) ? fn : undefined;
  const name =
    declared && (ts.isFunctionDeclaration(declared) ? declared.name : (fn.parent as ts.VariableDeclaration).name);
  const binding = name && ts.isIdentifier(name) ? scopes.bindingOf(name) : undefined;
  const uses = binding?.references.filter((it) => it !== name) ?? [];
  return uses.length > 0 && uses.every((use) => contains(timer.call, use) || isDoneBefore(use, timer, handle));
}

function isDoneBefore(use: ts.Identifier, timer: Timer, handle: Handle): boolean {
  const root = enclosingRoot(use);
  if (root === enclosingRoot(timer.call) && use.end < timer.call.pos) return true;
  return handle.clears.some(({ node }) => {
    const statement = ts.findAncestor(node, ts.isExpressionStatement);
    return statement !== undefined && owns(root, { node }) && node.end < use.pos && contains(statement.parent, use);
  });
}

/**
 * `socket.on('error', reject)` beside `socket.on('close', …)` that clears: one comes after the other. So it is with two
 * listeners of the same event.
 */
function isHeardByClear({ node, closures }: Settlement, handle: Handle): boolean {
  const settling = listenedBy(closures.at(-1) ?? node);
  if (!settling) return false;
  const follows = (clearing: Listened): boolean =>
    clearing.object === settling.object &&
    (clearing.event === settling.event || (settling.event === 'error' && clearing.event === 'close'));
  const isAround = handle.clears.some(({ node: clear }) => {
    for (let current: ts.Node = clear; current.parent; current = current.parent) {
      const clearing = isFunctionLiteral(current) ? listenedBy(current) : undefined;
      if (!clearing) continue;
      return follows(clearing);
    }
    return false;
  });
  if (isAround) return true;
  // A listener that has another function clear it.
  return some(enclosingRoot(settling.call), (node) => {
    if (!ts.isCallExpression(node) || node === settling.call) return false;
    return node.arguments.some((argument) => {
      const listener = strip(argument);
      const clearing = listenedBy(listener);
      if (!clearing || !follows(clearing)) return false;
      const fn = isFunctionLiteral(listener) ? listener : handle.functionNamed(listener);
      return fn !== undefined && handle.isClearedIn(fn);
    });
  });
}

interface Listened {
  readonly call: ts.CallExpression;
  readonly event: string;
  readonly object: string | undefined;
}

function listenedBy(listener: ts.Node): Listened | undefined {
  const { parent } = unstrip(listener as ts.Expression);
  if (!ts.isCallExpression(parent) || !listening.has(calleeName(parent)?.text ?? '')) return undefined;
  const [event] = parent.arguments;
  if (!event || event === listener || !ts.isStringLiteralLike(event)) return undefined;
  return { call: parent, event: event.text, object: receiver(parent)?.getText() };
}

const listening: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'addEventListener', 'then', 'catch', 'prependListener', 'prependOnceListener'],
]);

/** `image.onload = resolve` */
function isHandlerProperty({ left, operatorToken }: ts.BinaryExpression): boolean {
  const target = strip(left);
  return (
    operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(target) &&
    /^on[a-z]+$/.test(target.name.text)
  );
}

/** Whether the call runs code that clears the timer: `finish(() => resolve(value))`, `.finally(cleanup)` behind it. */
function passesTo(call: ts.CallExpression, handle: Handle): boolean {
  if (handle.isClearedBy(call)) return true;
  const whole = unstrip(call);
  const next = whole.parent;
  if (!ts.isPropertyAccessExpression(next) || next.expression !== whole) return false;
  const outer = unstrip(next).parent;
  if (!ts.isCallExpression(outer) || outer.expression !== next) return false;
  const handled = outer.arguments.some((argument) => {
    const fn = strip(argument);
    return handle.isClearedIn(fn) || (ts.isIdentifier(fn) && isCleaner(fn, handle));
  });
  return handled || passesTo(outer, handle);
}

function isCleaner(name: ts.Identifier, handle: Handle): boolean {
  const fn = handle.functionNamed(name);
  return fn !== undefined && handle.isClearedIn(fn);
}
