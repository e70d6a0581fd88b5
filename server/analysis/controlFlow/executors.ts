import ts from 'typescript';
import { type FunctionLiteral, isAsync, stripTransparent } from './syntax.ts';

/**
 * Whether a promise cannot reject but by a throw of its executor: nobody takes `reject`, and `resolve` is given to
 * somebody else or called with a value that is no promise made on the spot.
 */
export function onlyResolves(executor: FunctionLiteral): boolean {
  const [resolve, reject] = executor.parameters;
  if (!resolve || reject || !ts.isIdentifier(resolve.name) || resolve.dotDotDotToken || isAsync(executor)) return false;
  const name = resolve.name.text;
  const adopts = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name)
      return node.arguments.some(mayBePromise);
    return ts.forEachChild(node, adopts) ?? false;
  };
  return !adopts(executor.body);
}

/** `resolve(work())` rejects where the work does. */
function mayBePromise(argument: ts.Expression): boolean {
  const value = stripTransparent(argument);
  if (ts.isConditionalExpression(value)) return mayBePromise(value.whenTrue) || mayBePromise(value.whenFalse);
  if (ts.isBinaryExpression(value)) return mayBePromise(value.left) || mayBePromise(value.right);
  return ts.isCallExpression(value) || ts.isNewExpression(value) || ts.isSpreadElement(value);
}
