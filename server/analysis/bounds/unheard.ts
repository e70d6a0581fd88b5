import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isFunctionLiteral, strip } from '../syntax/tree.ts';
import { objectOf } from './valueBounds.ts';
import { type MethodUse, usesOf } from './valueUses.ts';
import type { JudgedWait } from './waits.ts';

/**
 * Whether the end of a wait by a bound is an event `error` that nobody listens for: Node then throws it, and the process
 * ends.
 */
export function isUnheard(semantics: Semantics, { call, wait }: Pick<JudgedWait, 'call' | 'wait'>): boolean {
  const { value } = wait;
  if (!value?.emitsError) return false;
  const start = objectOf(semantics, call, value);
  if (!start) return false;
  const { methods } = usesOf(semantics, start, value);
  if (methods.some(hears) || isGivenToListener(call)) return false;
  return value.emitsError === 'always' || !(isCalledBack(semantics, call) || methods.some(isPromised));
}

/** `req.on('error', …)`, also for events that are not written out; `socket.onerror = …`. */
function hears({ name, call }: MethodUse): boolean {
  if (name === 'onerror') return true;
  if (!call || !/^(?:on|once|addListener|prepend(?:Once)?Listener|addEventListener)$/.test(name)) return false;
  const [event] = call.arguments;
  return event !== undefined && (!ts.isStringLiteralLike(event) || event.text === 'error');
}

/** Functions of `stream` listen for the errors of what they are given. */
const isGivenToListener = (call: ts.Node): boolean =>
  /\b(?:pipeline|finished)\s*\(/.test(enclosingRoot(call).getText());

const isPromised = ({ name }: MethodUse): boolean => /^(?:then|catch|finally|promise)$/.test(name);

/** Whether whoever waits hears of it: the call is awaited or returned, or gets a callback that every caller gives. */
function isCalledBack(semantics: Semantics, call: JudgedWait['call']): boolean {
  const { parent } = call;
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return true;
  const args = call.arguments ?? [];
  const last = args.at(-1);
  const callback = last && strip(last);
  if (!callback || ts.isObjectLiteralExpression(callback)) return false;
  if (isFunctionLiteral(callback)) return true;
  if (args.length < 2 || !ts.isIdentifier(callback)) return false;
  const declared = semantics.program.unitOf(callback).scopes.bindingOf(callback)?.declarations[0]?.parent;
  if (!declared || !ts.isParameter(declared)) return true;
  const fn = declared.parent;
  const index = fn.parameters.indexOf(declared);
  const uses = 'body' in fn ? semantics.references.usesOf(fn as ts.FunctionLikeDeclaration) : 'unknown';
  return uses === 'unknown' || uses.calls.every((use) => (use.call.arguments?.length ?? 0) > index);
}
