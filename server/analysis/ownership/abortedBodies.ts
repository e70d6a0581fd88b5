import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { propertyOf } from '../inference/literals.ts';
import { contains, enclosingRoot, some, strip } from '../syntax/tree.ts';
import type { Obligation } from './obligation.ts';

/**
 * Whether the request behind an unread body ends by a controller that others hold and this file aborts, or gives to who
 * does: that destroys the body, read or not. A controller of the function itself only ends it where the function says so.
 */
export function isAbortedByOwner({ program, unit }: FileAnalysis, { acquisition, site }: Obligation): boolean {
  if (acquisition.duty !== 'body') return false;
  const options = (site.arguments ?? []).map((argument) => strip(argument)).find(ts.isObjectLiteralExpression);
  const signal = options && propertyOf(options, 'signal');
  const controller = signal && controllerOf(strip(signal));
  if (!controller) return false;
  let base = controller;
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  const made = ts.isIdentifier(base) ? program.unitOf(base).scopes.bindingOf(base)?.declarations[0] : undefined;
  const root = enclosingRoot(site);
  const isOwn = made !== undefined && contains(root, made) && !ts.isParameter(made.parent);
  if (isOwn) return false;
  const text = controller.getText();
  return some(unit.file, (node) => {
    if (!ts.isCallExpression(node)) return false;
    const callee = strip(node.expression);
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'abort')
      return strip(callee.expression).getText() === text;
    return node.arguments.some((argument) => strip(argument).getText() === text);
  });

  /** `controller.signal`, `const { signal } = controller`, `const signal = controller.signal`. */
  function controllerOf(expression: ts.Expression): ts.Expression | undefined {
    if (ts.isPropertyAccessExpression(expression))
      return expression.name.text === 'signal' ? strip(expression.expression) : undefined;
    const binding = ts.isIdentifier(expression) ? program.unitOf(expression).scopes.bindingOf(expression) : undefined;
    const declared = binding?.declarations[0]?.parent;
    if (!declared) return undefined;
    if (ts.isVariableDeclaration(declared))
      return declared.initializer && ts.isPropertyAccessExpression(strip(declared.initializer))
        ? controllerOf(strip(declared.initializer))
        : undefined;
    if (!ts.isBindingElement(declared) || (declared.propertyName ?? declared.name).getText() !== 'signal')
      return undefined;
    const holder = declared.parent.parent;
    return ts.isVariableDeclaration(holder) && holder.initializer ? strip(holder.initializer) : undefined;
  }
}
