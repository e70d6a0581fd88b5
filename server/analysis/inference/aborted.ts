import ts from 'typescript';
import { calledMethod, enclosingStatement, isRoot, receiver, strip } from '../syntax/tree.ts';
import { propertyOf } from './literals.ts';

/**
 * Whether the controller of a call's signal is aborted before anything is waited for, in the statements around the call:
 * then nothing can ever come of it.
 */
export function isAbortedAtOnce(call: ts.CallExpression | ts.NewExpression): boolean {
  const controllers = (call.arguments ?? []).flatMap((argument) => controllerIn(argument) ?? []);
  if (controllers.length === 0) return false;
  const statement = enclosingStatement(call);
  if (!ts.isBlock(statement.parent) && !ts.isSourceFile(statement.parent)) return false;
  if (waits(statement)) return false;
  const { statements } = statement.parent;
  for (const next of statements.slice(statements.indexOf(statement as ts.Statement) + 1)) {
    if (ts.isExpressionStatement(next) && aborts(next.expression, controllers)) return true;
    if (waits(next) || !ts.isExpressionStatement(next)) return false;
  }
  return false;
}

/** `{ signal: controller.signal }` */
function controllerIn(argument: ts.Expression): string | undefined {
  const options = strip(argument);
  const signal = ts.isObjectLiteralExpression(options) ? propertyOf(options, 'signal') : undefined;
  const value = signal && strip(signal);
  return value && ts.isPropertyAccessExpression(value) && value.name.text === 'signal'
    ? value.expression.getText()
    : undefined;
}

function aborts(node: ts.Expression, controllers: readonly string[]): boolean {
  const call = strip(node);
  if (!ts.isCallExpression(call) || calledMethod(call) !== 'abort') return false;
  return controllers.includes(receiver(call)?.getText() ?? '');
}

function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  return !isRoot(node) && (ts.forEachChild(node, waits) ?? false);
}
