import ts from 'typescript';
import type { Repetition } from '../contexts/repeated.ts';
import { executorOf } from '../contexts/workEnds.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { WaitValue } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  enclosingStatement,
  isAssignment,
  isAsync,
  isFunctionLiteral,
  some,
  strip,
  walk,
} from '../syntax/tree.ts';
import type { Call } from './sites.ts';
import { isOnlyWritten, listensFor, objectOf } from './valueBounds.ts';
import { usesOf } from './valueUses.ts';
import type { JudgedWait } from './waits.ts';

/**
 * Whether the operating system ends what is missing: it gives up on a plain TCP connection after minutes, and the code
 * hears of that as an error that rejects. Where requests or a loop come here again and again, minutes are too long.
 */
export function isEndedByKernel(
  { contexts, semantics }: FileAnalysis,
  { call, wait, missing }: Pick<JudgedWait, 'call' | 'wait' | 'missing'>,
): boolean {
  if (missing.length !== 1 || missing[0] !== 'connect' || isEncrypted(call)) return false;
  if (!isKeptWaiting(call)) return hearsOfEnd(semantics, call, wait.value);
  if (!settlers(call).has('error')) return false;
  const repetition = contexts.repeated.of(call);
  const again = repetition && isSomeTries(repetition.region) ? contexts.repeated.of(repetition.region) : repetition;
  return again === undefined || isReconnect(again);
}

/** Whether somebody waits for what the call stands in: a promise, or a function that calls back. */
function isKeptWaiting(call: Call): boolean {
  const root = enclosingRoot(call);
  if (executorOf(root) || isAsync(root)) return true;
  return (
    ts.isFunctionLike(root) && root.parameters.some(({ name }) => /^(?:cb|callback|done|next)$/.test(name.getText()))
  );
}

/** Whether nobody waits for the socket, which is only written to, and what keeps it hears of its failure. */
function hearsOfEnd(semantics: Semantics, call: Call, value: WaitValue | undefined): boolean {
  const start = value && objectOf(semantics, call, value);
  if (!start) return false;
  const { methods, receives } = usesOf(semantics, start, value);
  return isOnlyWritten(methods, receives) && methods.some((use) => use.call && listensFor(use.call, 'error'));
}

/** After the connection before has gone: one at a time. */
const isReconnect = ({ times, each }: Repetition): boolean =>
  times === 'event' && /`(?:end|\w*(?:clos|disconnect|error|reset|lost)\w*)`/i.test(each);

/** `for (let i = 1; i <= maxTries; i++)`: tries again after a failure, and leaves when one succeeds. */
function isSomeTries(loop: ts.Node): boolean {
  if (!ts.isForStatement(loop) || !loop.condition || !loop.incrementor) return false;
  return some(loop.statement, (node) => ts.isBreakStatement(node) || ts.isReturnStatement(node));
}

/** Whether whoever calls may end the wait: what they give rejects it. */
export const isCancelled = (call: Call): boolean => settlers(call).has('caller');

/** Whether a timer of the same promise rejects: whoever waits goes on, and only the socket stays. */
export const isGivenUp = (call: Call): boolean => settlers(call).has('timer');

/**
 * Whether a timer beside a request lets go whoever waits for it: it calls what the function around it settles its promise
 * or calls back with, and the request goes on. `again`: nothing tells the late answer that somebody was called back.
 */
export function letGoByTimer(call: Call): 'once' | 'again' | undefined {
  const root = enclosingRoot(call);
  if (!ts.isFunctionLike(root)) return undefined;
  const settling = root.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  let found: 'once' | 'again' | undefined;
  walk(root, (node) => {
    if (found || !ts.isCallExpression(node) || calleeName(node)?.text !== 'setTimeout' || enclosingRoot(node) !== root)
      return;
    // A timer of another branch runs when the request does not.
    if (!contains(enclosingStatement(node).parent, call)) return;
    const [handler] = node.arguments;
    const value = handler && strip(handler);
    if (!value) return;
    const isSettler = ts.isIdentifier(value) && settling.includes(value.text);
    const fn = isSettler || isFunctionLiteral(value) ? value : declaredIn(root, value);
    const settler = fn && settling.find((name) => (isSettler ? value.text === name : calls(fn, name)));
    if (fn && settler !== undefined) found = callsBackAgain(root, fn, settler) ? 'again' : 'once';
  });
  return found;
}

/**
 * Whether a function's callback is called by its timer and, all the same, by what answers later: the timer's handler leaves
 * no mark for that to look at. A promise settles once, however often it is told to.
 */
function callsBackAgain(root: ts.Node, handler: ts.Node, callback: string): boolean {
  if (executorOf(root) || some(handler, isMark)) return false;
  if (some(root, (node) => isMark(node) && ts.isBinaryExpression(node) && node.left.getText() === callback))
    return false;
  return some(
    root,
    (node) =>
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === callback &&
      enclosingRoot(node) !== root &&
      !contains(handler, node),
  );
}

/** `done = true`, `delete pending[id]`, `req.removeListener(…)`, `if (!timer) return`: what is done once, or asked before. */
const isMark = (node: ts.Node): boolean =>
  (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) ||
  ts.isDeleteExpression(node) ||
  ts.isIfStatement(node) ||
  ts.isPostfixUnaryExpression(node) ||
  (ts.isCallExpression(node) && /^(?:off|remove\w*|delete|clear|unpipe)$/.test(calleeName(node)?.text ?? ''));

/** `token.onCancellationRequested(reject)` */
const cancelling = /^on(?:Cancel\w*|Abort\w*)$/;

const isEncrypted = (call: Call): boolean => /\btls\b/i.test(call.expression.getText());

/** What rejects the promise in whose executor the call stands: a listener of `error`, a timer, what the caller gives. */
function settlers(call: Call): ReadonlySet<'error' | 'timer' | 'caller'> {
  const found = new Set<'error' | 'timer' | 'caller'>();
  const executor = executorOf(enclosingRoot(call));
  const reject = executor?.parameters[1]?.name;
  if (!executor || !reject || !ts.isIdentifier(reject)) return found;
  const rejects = (handler: ts.Expression | undefined): boolean => {
    if (!handler) return false;
    const named = strip(handler);
    if (ts.isIdentifier(named) && named.text === reject.text) return true;
    const fn = isFunctionLiteral(named) ? named : declaredIn(executor, named);
    return fn !== undefined && calls(fn, reject.text);
  };
  walk(executor.body, (node) => {
    if (!ts.isCallExpression(node) || enclosingRoot(node) !== executor) return;
    const [first, second] = node.arguments;
    const name = calleeName(node)?.text ?? '';
    if (name === 'setTimeout' && ts.isIdentifier(node.expression) && rejects(first)) found.add('timer');
    if (cancelling.test(name) && node.arguments.some(rejects)) found.add('caller');
    if (!/^(?:on|once|addListener)$/.test(name) || !first || !ts.isStringLiteralLike(first)) return;
    if (first.text === 'error' && rejects(second)) found.add('error');
  });
  return found;
}

/** A function that the executor declares by this name. */
function declaredIn(executor: ts.Node, name: ts.Expression): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(executor, (node) => {
    if (!ts.isVariableDeclaration(node) && !ts.isFunctionDeclaration(node)) return;
    if (node.name?.getText() === name.getText()) found = node;
  });
  return found;
}

function calls(fn: ts.Node, name: string): boolean {
  return some(
    fn,
    (node) => ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name,
  );
}
