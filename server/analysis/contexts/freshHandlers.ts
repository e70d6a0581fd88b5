import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isFunctionLiteral, memberName, some, strip } from '../syntax/tree.ts';
import { boundFunction, type Registration } from './registrations.ts';
import { functionOf, isFresh, removalsOf, sameEmitter, sameReference, sameText } from './removals.ts';

/** Names of functions that give the same function again for the same one, or hand out one that is kept. */
const keeping =
  /^_?(?:get|find|lookup|take|pop|use|memo|cache|once|stored?|kept|register|proxy$|ref$|handlerFor|listenerFor)/i;
const handlers = /^[_#]*(?:on|handle)(?=$|[A-Z_])|(?:Handler|Listener|Callback)$/;

/** Why a handler is another function each time that it is evaluated, though it is no literal. */
export interface Wrapped {
  /** The function that makes it. */
  readonly maker: string;
  /** Whether its code is seen to make one. */
  readonly sure: boolean;
}

/**
 * `debounce(this.onResize)`, `handlerFor(element)` of a function that returns a function literal: called twice, it gives
 * two functions.
 */
export function wrapped(semantics: Semantics, handler: ts.Expression): Wrapped | undefined {
  const call = strip(handler);
  if (!ts.isCallExpression(call) || isFresh(call)) return undefined;
  const callee = strip(call.expression);
  const maker = ts.isIdentifier(callee) ? callee.text : memberName(callee);
  if (maker === undefined || keeping.test(maker)) return undefined;
  const fn = functionOf(semantics, callee);
  if (fn?.body) return makesFunction(fn) ? { maker, sure: true } : undefined;
  return call.arguments.some((it) => isFunction(semantics, it)) ? { maker, sure: false } : undefined;
}

/** All that it returns is written down where it is returned. */
function makesFunction(fn: ts.FunctionLikeDeclaration): boolean {
  const { body } = fn;
  if (!body) return false;
  if (!ts.isBlock(body)) return isFunctionLiteral(strip(body));
  let makes = false;
  let other = false;
  some(body, (node) => {
    if (!ts.isReturnStatement(node) || ts.findAncestor(node, ts.isFunctionLike) !== fn) return false;
    if (node.expression && isFunctionLiteral(strip(node.expression))) makes = true;
    else other = true;
    return false;
  });
  return makes && !other;
}

function isFunction(semantics: Semantics, argument: ts.Expression): boolean {
  const value = strip(argument);
  if (isFresh(value) || functionOf(semantics, value)) return true;
  if (ts.isCallExpression(value)) return wrapped(semantics, value) !== undefined;
  return ts.isPropertyAccessExpression(value) && handlers.test(value.name.text);
}

/** A removal that is meant for the registration and names another function: it takes nothing away. */
export function failsToRemove(semantics: Semantics, registration: Registration): boolean {
  const bound = boundFunction(registration.handler);
  return removalsOf(registration.call.getSourceFile()).some(
    ({ event, handler, emitter }) =>
      event !== undefined &&
      handler !== undefined &&
      sameText(event, registration.event) &&
      sameEmitter(registration.emitter, emitter) &&
      (isFresh(handler) ||
        (wrapped(semantics, handler) !== undefined && sameText(handler, registration.handler)) ||
        (bound !== undefined && sameReference(semantics, bound, handler))),
  );
}
