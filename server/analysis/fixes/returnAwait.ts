import ts from 'typescript';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, isAsync, strip, walkFunction } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import type { Rewriter } from './rewriter.ts';
import { isOver, type Uses } from './uses.ts';

/** The returned expressions whose promise would still need the resource after the release. */
export function unsettledReturns(statements: readonly ts.Statement[], uses: Uses): readonly ts.Expression[] {
  return returned(statements).filter((expression) => isUnsettled(expression, uses));
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
  if (ts.isAwaitExpression(node) || isOver(node)) return false;
  if (ts.isIdentifier(node)) return uses.needs(node);
  return ts.forEachChild(node, (child) => needsWithoutWaiting(child, uses)) ?? false;
}

/** Calls whose result holds what a function literal among their arguments returned, promises as they are. */
const collecting = /^(?:map|flatMap|filter|reduce|reduceRight|from|entries|values)$/;

/** Whether waiting for the value is not enough: promises that need the resource sit inside an array or an object. */
export function hidesPromises(node: ts.Expression, uses: Uses, held: Held): boolean {
  const expression = strip(node);
  if (ts.isArrayLiteralExpression(expression) || ts.isObjectLiteralExpression(expression))
    return needsWithoutWaiting(expression, uses);
  if (ts.isCallExpression(expression))
    return collecting.test(calleeName(expression)?.text ?? '') && needsWithoutWaiting(expression, uses);
  if (!ts.isIdentifier(expression) || !uses.needs(expression)) return false;
  const initial = initialOf(held.analysis.unit.scopes.bindingOf(expression));
  return initial !== undefined && hidesPromises(initial, uses, held);
}

/** The expressions that statements return from their function. */
export function returned(statements: readonly ts.Statement[]): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  for (const statement of statements) {
    walkFunction(statement, (node) => {
      if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    });
  }
  return found;
}

/** Whether `await` may be added to returns of the function: it must be async, and no generator, which waits anyway. */
export function returnsCanWait({ fn }: Held): boolean {
  return !ts.isSourceFile(fn) && isAsync(fn);
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
