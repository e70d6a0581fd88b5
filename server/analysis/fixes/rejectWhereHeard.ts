import ts from 'typescript';
import { type MadePromise, settlementsOf } from '../detachment/settling.ts';
import type { Cause } from '../detachment/unsettled.ts';
import {
  calleeName,
  contains,
  type FunctionLiteral,
  isFunctionLiteral,
  mentionsName,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { insertBefore, insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { rejectName } from './rejectPromise.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import type { Page } from './wrap.ts';

/** The code that hears of a failure, and what the failure is called there. */
type Hearer =
  | { readonly kind: 'handler'; readonly handler: ts.Expression }
  | { readonly kind: 'catch'; readonly clause: ts.CatchClause }
  | { readonly kind: 'branch'; readonly branch: ts.Statement; readonly error: string };

/** Rejects the promise where its failure is heard of and only written down, or where nobody listens for it. */
export function rejectWhereHeard(unit: SourceUnit, promise: MadePromise, cause: Cause): FixPlan | undefined {
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: unit.file, style: styleOf(unit.file) };
  const isDone =
    cause.kind === 'event'
      ? rejectOnError(page, unit, promise, cause)
      : rejectIn(page, unit, promise, hearerOf(cause, promise));
  if (!isDone) return undefined;
  // Where nothing rejects it so far, whoever waits may not be ready for that.
  const isExpected = settlementsOf(promise).some(({ by }) => by === 'reject');
  const safety = isExpected ? 'safe' : 'suggestion';
  const title =
    cause.kind === 'event' ? 'Reject the promise on `error`' : 'Reject the promise where the failure is handled';
  return { title, safety, edits: rewriter.edits() };
}

/** In the listener for `error` that is there, or in one of its own. */
function rejectOnError(
  page: Page,
  unit: SourceUnit,
  promise: MadePromise,
  { registration, ignored, object }: Cause & { readonly kind: 'event' },
): boolean {
  if (ignored) {
    const [event, listener] = ts.isCallExpression(ignored) ? ignored.arguments : [];
    if (!event || !listener || !ts.isStringLiteralLike(event) || event.text !== 'error') return false;
    // Another function may not hear of this promise.
    if (!contains(promise.executor, ignored)) return false;
    return rejectIn(page, unit, promise, { kind: 'handler', handler: listener });
  }
  const reject = rejectName(unit, promise, registration, page.rewriter);
  if (reject === undefined) return false;
  if (ts.isCallExpression(registration)) {
    const isOfPage = calleeName(registration)?.text === 'addEventListener';
    const { parent } = registration;
    if (!isOfPage) page.rewriter.insert(registration.end, `.on('error', ${reject})`);
    else if (ts.isExpressionStatement(parent))
      insertBefore(page, parent, [`${object}.addEventListener('error', ${reject})${page.style.end}`]);
    else return false;
    return true;
  }
  const { parent } = registration;
  if (!ts.isExpressionStatement(parent)) return false;
  insertBefore(page, parent, [`${object}.onerror = ${reject}${page.style.end}`]);
  return true;
}

/** The nearest code around a failure, in the executor, that runs when it comes. */
function hearerOf(cause: Exclude<Cause, { kind: 'event' }>, { executor }: MadePromise): Hearer | undefined {
  const { failure } = cause;
  if (cause.kind === 'unheard' && cause.swallowed)
    return isFunctionLiteral(cause.swallowed) ? { kind: 'handler', handler: cause.swallowed } : undefined;
  for (let current = failure; current !== executor && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isIfStatement(parent) && parent.expression === current && ts.isIdentifier(failure)) {
      const isAbsent = ts.isPrefixUnaryExpression(strip(parent.expression));
      const branch = isAbsent ? parent.elseStatement : parent.thenStatement;
      return branch && { kind: 'branch', branch, error: failure.text };
    }
    if (ts.isTryStatement(parent) && parent.tryBlock === current && parent.catchClause)
      return { kind: 'catch', clause: parent.catchClause };
    if (!ts.isCallExpression(parent) || parent.expression !== current) continue;
    const name = calleeName(parent)?.text;
    const handler = name === 'catch' ? parent.arguments[0] : name === 'then' ? parent.arguments[1] : undefined;
    if (handler) return { kind: 'handler', handler };
  }
  return undefined;
}

function rejectIn(page: Page, unit: SourceUnit, promise: MadePromise, hearer: Hearer | undefined): boolean {
  if (!hearer) return false;
  const place = hearer.kind === 'handler' ? hearer.handler : hearer.kind === 'catch' ? hearer.clause : hearer.branch;
  const { rewriter } = page;
  const reject = contains(promise.executor, place) ? rejectName(unit, promise, place, rewriter) : undefined;
  if (reject === undefined) return false;
  const call = (error: string): string => `${reject}(${error})${page.style.end}`;
  if (hearer.kind === 'branch') {
    if (ts.isBlock(hearer.branch)) append(page, hearer.branch, call(hearer.error));
    else insertBefore(page, hearer.branch, [call(hearer.error)]);
    return true;
  }
  if (hearer.kind === 'catch') {
    const { variableDeclaration: declared, block } = hearer.clause;
    if (!declared && mentionsName(block, 'error')) return false;
    if (!declared) rewriter.insert(block.getStart(page.file), '(error) ');
    else if (!ts.isIdentifier(declared.name)) return false;
    append(page, block, call(declared ? declared.name.getText() : 'error'));
    return true;
  }
  const handler = strip(hearer.handler);
  if (isFunctionLiteral(handler)) return rejectInLiteral(page, handler, call);
  if (!ts.isIdentifier(handler) && !ts.isPropertyAccessExpression(handler)) return false;
  // `.catch(log.error)`: the function goes on being called.
  surround(page, handler, '(error) => {', `(error)${page.style.end}`, call('error'));
  return true;
}

function rejectInLiteral(page: Page, handler: FunctionLiteral, call: (error: string) => string): boolean {
  const { body } = handler;
  const [first] = handler.parameters;
  if (first ? !ts.isIdentifier(first.name) || first.dotDotDotToken : mentionsName(handler, 'error')) return false;
  if (!first) page.rewriter.insert(handler.parameters.pos, 'error');
  const text = call(first ? first.name.getText() : 'error');
  if (ts.isBlock(body)) append(page, body, text);
  else surround(page, unstrip(body), '{', page.style.end, text);
  return true;
}

/** As the last statement of a block, or before the `return` that ends it. */
function append(page: Page, block: ts.Block, text: string): void {
  const { statements } = block;
  const last = statements.at(-1);
  const isLeft = last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
  insertFirst(page, block, isLeft ? statements.length - 1 : statements.length, [text]);
}

/** Makes the statements of a block of an expression. */
function surround(
  { rewriter, file, style }: Page,
  node: ts.Expression,
  open: string,
  tail: string,
  last: string,
): void {
  const { newline, unit } = style;
  const indent = new Lines(file.text).indentAt(node.getStart(file));
  rewriter.insert(node.getStart(file), `${open}${newline}${indent}${unit}`);
  rewriter.insert(node.end, `${tail}${newline}${indent}${unit}${last}${newline}${indent}}`);
}
