import ts from 'typescript';
import { knownCallsOf } from '../contexts/knownCalls.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, contains, enclosingRoot, isFunctionLiteral, isReturned, unstrip } from '../syntax/tree.ts';

const chaining = /^(?:then|catch|finally|tap|tapCatch|return)$/;

/** How many functions that hand the promise on are followed. */
const maxDepth = 4;

/** Whether everybody who waits for a promise has a limit of his own: a race, or the `timeout()` of a chain. */
export function isBoundedByWaiters(promise: ts.Expression, semantics: Semantics, depth = maxDepth): boolean {
  const end = endOfChain(promise);
  if (end === 'bounded' || isRaced(end)) return true;
  const { parent } = unstrip(end);
  if (isReturned(end)) {
    const fn = enclosingRoot(end);
    const link = isFunctionLiteral(fn) ? linkAt(fn) : undefined;
    if (link) return isBoundedByWaiters(link, semantics, depth);
    const calls = depth > 0 ? waitersOf(fn, semantics) : undefined;
    // A call of its own waits for what another one has started.
    const others = calls?.filter((call) => !contains(fn, call));
    return !!others?.length && others.every((call) => isBoundedByWaiters(call, semantics, depth - 1));
  }
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const { name } = parent;
  const uses =
    semantics.program
      .unitOf(name)
      .scopes.bindingOf(name)
      ?.references.filter((it) => it !== name) ?? [];
  const waits = uses.filter((it) => !isWatched(it));
  return waits.length > 0 && waits.every((it) => isBoundedByWaiters(it, semantics, 0));
}

/** The link of a chain that waits for what its handler returns: `work.then(() => rest())`. */
function linkAt(handler: ts.Expression): ts.CallExpression | undefined {
  const { parent } = unstrip(handler);
  const isLink =
    ts.isCallExpression(parent) && parent.expression !== handler && chaining.test(calleeName(parent)?.text ?? '');
  return isLink ? parent : undefined;
}

/** What gets the promise that a function returns: its calls, and the chains of which it is a handler. */
function waitersOf(fn: ts.Node, semantics: Semantics): readonly ts.Expression[] | undefined {
  const called = knownCallsOf(semantics, fn);
  const { parent } = fn;
  const name = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
  if (called || !name) return called;
  const binding = semantics.program.unitOf(name).scopes.bindingOf(name);
  const waiters = binding?.references.filter((it) => it !== name).map((it) => linkAt(it));
  return waiters?.every((it) => it !== undefined) ? waiters : undefined;
}

/** The last call of a chain; `bounded` where a link of it gives up after a time. */
function endOfChain(start: ts.Expression): ts.Expression | 'bounded' {
  let end = start;
  for (;;) {
    const access = unstrip(end).parent;
    if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent)) return end;
    if (access.name.text === 'timeout') return 'bounded';
    if (!chaining.test(access.name.text)) return end;
    end = access.parent;
  }
}

/** `Promise.race([promise, other])` */
function isRaced(node: ts.Expression): boolean {
  const list = unstrip(node).parent;
  if (!ts.isArrayLiteralExpression(list) || list.elements.length < 2) return false;
  const { parent } = unstrip(list);
  return ts.isCallExpression(parent) && /^(?:race|any)$/.test(calleeName(parent)?.text ?? '');
}

/** `promise.catch(() => {});` */
function isWatched(reference: ts.Expression): boolean {
  const end = endOfChain(reference);
  return end !== 'bounded' && end !== reference && ts.isExpressionStatement(unstrip(end).parent);
}
