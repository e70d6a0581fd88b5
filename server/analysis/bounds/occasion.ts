import ts from 'typescript';
import { isCalledAtOnce } from '../contexts/calledBack.ts';
import { knownCallsOf } from '../contexts/knownCalls.ts';
import { isTestFile } from '../contexts/places.ts';
import { constantOf } from '../detachment/constants.ts';
import type { WaitValue } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, enclosingRoot, isAssignment, isFunctionLiteral, some, strip, unstrip } from '../syntax/tree.ts';
import { type MethodUse, usesOf } from './valueUses.ts';

/** How many callers are followed. */
const maxDepth = 6;
/** Functions that start what they are given for itself: the next start does not wait for the one before. */
const startsOnce =
  /^(?:queueMicrotask|nextTick|setImmediate|setTimeout|then|catch|finally|createServer|get|post|put|patch|delete|all|use)$/;
/** Functions that call what they are given once, a moment later. */
const later = /^(?:queueMicrotask|nextTick|setImmediate|setTimeout)$/;
/** Functions that call what they are given once, or once for each of some elements. */
const atOnce = /^(?:then|catch|finally|map|flatMap|forEach|filter|some|every|find|reduce|all|allSettled)$/;

/** Whether the code runs once, while the program starts: every call of the function around it leads to the top level. */
export function isAtStart(semantics: Semantics, node: ts.Node): boolean {
  return startsAt(semantics, node, new Set());
}

function startsAt(semantics: Semantics, node: ts.Node, seen: Set<ts.Node>): boolean {
  const fn = enclosingRoot(node);
  if (repeats(node, fn)) return false;
  if (ts.isSourceFile(fn)) return seen.size > 0;
  if (seen.has(fn) || seen.size > maxDepth) return false;
  seen.add(fn);
  if (isCalledAtOnce(fn)) return startsAt(semantics, fn.parent, seen);
  const taker = takerOf(fn);
  if (taker)
    return (takesAtOnce(taker) || later.test(calleeName(taker)?.text ?? '')) && startsAt(semantics, taker, seen);
  const calls = knownCallsOf(semantics, fn);
  return calls?.every((call) => startsAt(semantics, call, new Set(seen))) ?? false;
}

/** Whether nobody waits for the outcome: every call of the function around the code drops the promise, or its callers do. */
export function isLetGo(semantics: Semantics, node: ts.Node, depth = 0): boolean {
  const fn = enclosingRoot(node);
  if (ts.isSourceFile(fn) || depth > maxDepth) return false;
  const calls = knownCallsOf(semantics, fn);
  return calls?.every((call) => isDropped(call) || isLetGo(semantics, call, depth + 1)) ?? false;
}

/**
 * Whether the code runs for nobody: its promise is dropped where it is made, or what it is a part of is, or all that calls
 * it is a timer with a long period and what is dropped or runs at the start.
 */
export function isInBackground(semantics: Semantics, call: ts.Expression, periodMs: number): boolean {
  if (isDropped(call) || refreshes(semantics, call, periodMs, new Set()) === 'timer') return true;
  return isForgotten(semantics, call);
}

/** Whether each start of the code is dropped, and none stands in a loop or timer, where one that hangs holds up the next. */
function isForgotten(semantics: Semantics, node: ts.Expression, depth = 0): boolean {
  const fn = enclosingRoot(node);
  if (ts.isSourceFile(fn) || depth > maxDepth || isInLoop(node, fn)) return false;
  const calls = knownCallsOf(semantics, fn);
  return (
    calls?.every((call) => (isDropped(call) && !isStartedAgain(call)) || isForgotten(semantics, call, depth + 1)) ??
    false
  );
}

/** Whether the start stands in a loop, or in what is called for each of many that follow each other: a timer, an event, an element. */
function isStartedAgain(call: ts.Expression): boolean {
  const fn = enclosingRoot(call);
  if (isInLoop(call, fn)) return true;
  const taker = takerOf(fn);
  return taker !== undefined && !startsOnce.test(calleeName(taker)?.text ?? '');
}

function isInLoop(node: ts.Node, root: ts.Node): boolean {
  for (let current = node; current !== root && current.parent; current = current.parent) {
    if (ts.isIterationStatement(current.parent, false)) return true;
  }
  return false;
}

/**
 * Whether nobody waits for the answer of a request that is an emitter: it gets no callback, and its code only writes to it
 * and listens to errors. One socket, which the other end closes, is all that hangs on it.
 */
export function isAnswerUnread(
  semantics: Semantics,
  call: ts.CallExpression | ts.NewExpression,
  value: WaitValue,
): boolean {
  if (call.arguments?.some((argument) => !isPlainArgument(argument))) return false;
  const { parent } = unstrip(call);
  // What a field keeps may be asked from elsewhere.
  if (ts.isBinaryExpression(parent) && !ts.isIdentifier(parent.left)) return false;
  const { methods, escapes, receives } = usesOf(semantics, call, value);
  return escapes.length === 0 && !receives && methods.every(isOnlySent);
}

/** Nothing that may be called with the answer. */
function isPlainArgument(argument: ts.Expression): boolean {
  const value = strip(argument);
  return (
    !isFunctionLiteral(value) &&
    !ts.isSpreadElement(value) &&
    !/^(?:cb|callback|done|next|on[A-Z]\w*|handle\w*)$/.test(value.getText())
  );
}

/** `req.write(body)`, `req.end()`, `req.on('error', console.error)`: no listener settles what somebody waits for. */
function isOnlySent({ name, call }: MethodUse): boolean {
  if (/^(?:write|end|setHeader|removeHeader|flushHeaders|setNoDelay|destroy|unref)$/.test(name)) return true;
  const [event, listener] = call?.arguments ?? [];
  if (!/^(?:on|once)$/.test(name) || !event || !ts.isStringLiteralLike(event) || !listener) return false;
  if (event.text !== 'error' && event.text !== 'socket') return false;
  const handler = strip(listener);
  return isFunctionLiteral(handler)
    ? !/\b(?:reject|resolve|cb|callback|done|next)\s*\(/.test(handler.getText())
    : /\b(?:console|log|logger)\b/.test(handler.getText());
}

/** What all the ways to the code begin with: a timer among them, only such as nobody waits for; or somebody may wait. */
function refreshes(
  semantics: Semantics,
  node: ts.Node,
  periodMs: number,
  seen: Set<ts.Node>,
): 'timer' | 'dropped' | undefined {
  const fn = enclosingRoot(node);
  if (ts.isSourceFile(fn)) return 'dropped';
  if (seen.has(fn) || seen.size > maxDepth) return undefined;
  seen.add(fn);
  const taker = takerOf(fn);
  if (taker) return isLongInterval(semantics, taker, periodMs) ? 'timer' : undefined;
  const uses = semantics.references.usesOf(fn as ts.FunctionLikeDeclaration);
  if (uses === 'unknown') return undefined;
  const ways = [
    ...uses.calls
      .filter(({ unit }) => !isTestFile(semantics.program.host, unit.path))
      .map(({ call, certain }) => {
        if (!certain) return undefined;
        return refreshes(semantics, call, periodMs, new Set(seen)) ?? (isDropped(call) ? 'dropped' : undefined);
      }),
    ...uses.values.map((value) => {
      const { parent } = value.token;
      return ts.isCallExpression(parent) && isLongInterval(semantics, parent, periodMs) ? 'timer' : undefined;
    }),
  ];
  if (ways.includes(undefined)) return undefined;
  return ways.includes('timer') ? 'timer' : ways[0];
}

/** `setInterval(refresh, 6 * HOURS)`: a period in which what hangs is over by itself. */
function isLongInterval({ program }: Semantics, call: ts.CallExpression, periodMs: number): boolean {
  return calleeName(call)?.text === 'setInterval' && (constantOf(call.arguments[1], program) ?? 0) > periodMs;
}

/** `show();`, `void show();`, `show().catch(…);`, and where what comes of it is only told: `show().then(console.log)`. */
function isDropped(call: ts.Expression): boolean {
  let node = unstrip(call);
  for (;;) {
    const { parent } = node;
    if (ts.isVoidExpression(parent) || ts.isExpressionStatement(parent)) return true;
    const chain = ts.isPropertyAccessExpression(parent) ? parent.parent : undefined;
    if (!chain || !ts.isCallExpression(chain)) return false;
    const link = calleeName(chain)?.text ?? '';
    if (link !== 'catch' && !(link === 'then' && chain.arguments.every(isOnlyTold))) return false;
    node = unstrip(chain);
  }
}

const telling = /^(?:console|log|logger|\w*[lL]og(?:ger)?)\.\w+$|^(?:log|debug)$/;

/** `console.log`, `(it) => it.json()`: what is done with an answer that nobody waits for. */
function isOnlyTold(handler: ts.Expression): boolean {
  const fn = strip(handler);
  if (!isFunctionLiteral(fn)) return telling.test(fn.getText());
  const does = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return true;
    if (!ts.isCallExpression(node)) return ts.isNewExpression(node) || ts.isThrowStatement(node);
    const isRead = /^(?:json|text)$/.test(calleeName(node)?.text ?? '') && node.arguments.length === 0;
    return !isRead && !telling.test(node.expression.getText());
  };
  return !some(fn.body, does);
}

/** The call that a function literal is made for: as an argument, or as what is called. */
function takerOf(fn: ts.Node): ts.CallExpression | undefined {
  if (!isFunctionLiteral(fn)) return undefined;
  const outer = unstrip(fn);
  const { parent } = outer;
  return ts.isCallExpression(parent) && parent.arguments.includes(outer) ? parent : undefined;
}

/** Whether a call runs the function that it is given at once, or once for each of some elements. */
export const takesAtOnce = (call: ts.CallExpression): boolean => atOnce.test(calleeName(call)?.text ?? '');

/** Whether a loop without a known end is around the node. */
export function repeats(node: ts.Node, root: ts.Node): boolean {
  for (let current = node; current !== root && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isForInStatement(parent) || (ts.isForStatement(parent) && parent.condition && parent.incrementor)) continue;
    if (ts.isForOfStatement(parent) ? parent.awaitModifier : ts.isIterationStatement(parent, false)) return true;
  }
  return false;
}
