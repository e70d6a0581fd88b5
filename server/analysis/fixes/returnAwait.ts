import ts from 'typescript';
import { isAsync, strip, walkFunction } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import type { Rewriter } from './rewriter.ts';
import type { Uses } from './uses.ts';

/** The returned expressions whose promise would still need the resource after the release. */
export function unsettledReturns(statements: readonly ts.Statement[], uses: Uses): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  for (const statement of statements) {
    walkFunction(statement, (node) => {
      if (ts.isReturnStatement(node) && node.expression && isUnsettled(node.expression, uses))
        found.push(node.expression);
    });
  }
  return found;
}

function isUnsettled(node: ts.Expression, uses: Uses): boolean {
  const expression = strip(node);
  if (ts.isConditionalExpression(expression))
    return isUnsettled(expression.whenTrue, uses) || isUnsettled(expression.whenFalse, uses);
  if (ts.isBinaryExpression(expression))
    return isUnsettled(expression.left, uses) || isUnsettled(expression.right, uses);
  if (ts.isIdentifier(expression)) return uses.needs(expression);
  if (!ts.isCallExpression(expression) && !ts.isNewExpression(expression)) return false;
  return needsWithoutWaiting(expression, uses);
}

function needsWithoutWaiting(node: ts.Node, uses: Uses): boolean {
  if (ts.isAwaitExpression(node)) return false;
  if (ts.isIdentifier(node)) return uses.needs(node);
  return ts.forEachChild(node, (child) => needsWithoutWaiting(child, uses)) ?? false;
}

/** Whether `await` may be added to returns of the function: it must be async, and no generator, which waits anyway. */
export function returnsCanWait({ fn }: Held): boolean {
  return !ts.isSourceFile(fn) && isAsync(fn);
}

/** Whether a `catch` of the function would see a rejection that passed it by before somebody waited. */
export function isCaught(expression: ts.Expression, fn: ts.Node): boolean {
  for (let node: ts.Node = expression; node !== fn && node.parent; node = node.parent) {
    if (ts.isTryStatement(node.parent) && node.parent.tryBlock === node && node.parent.catchClause) return true;
  }
  return false;
}

/** Writes `return await …`. */
export function addAwait(rewriter: Rewriter, expression: ts.Expression): void {
  const needsParentheses =
    ts.isConditionalExpression(expression) ||
    ts.isBinaryExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression);
  rewriter.insert(expression.getStart(), needsParentheses ? 'await (' : 'await ');
  if (needsParentheses) rewriter.insert(expression.end, ')');
}
