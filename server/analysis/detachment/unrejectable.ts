import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';

/** How many names and functions are followed. */
const maxHops = 3;

/** Whether a promise has nothing to reject it with: `new Promise((resolve) => …)`, or what a function makes like that. */
export function isUnrejectable(node: ts.Expression, semantics: Semantics, hops = maxHops): boolean {
  if (hops === 0) return false;
  const expression = strip(node);
  if (ts.isNewExpression(expression)) {
    const executor = expression.arguments?.[0] && strip(expression.arguments[0]);
    return !!executor && isFunctionLiteral(executor) && executor.parameters.length === 1;
  }
  if (ts.isCallExpression(expression)) {
    const made = returnedBy(semantics.targets.resolve(expression)?.function);
    return made !== undefined && isUnrejectable(made, semantics, hops - 1);
  }
  if (!ts.isIdentifier(expression)) return false;
  const { scopes } = semantics.program.unitOf(expression);
  const declaration = scopes.bindingOf(expression)?.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
  return isUnrejectable(declaration.initializer, semantics, hops - 1);
}

/** `ready.then(…)` of a promise that cannot be rejected: only the handlers could fail. */
export function isUnrejectableChain(node: ts.Node, semantics: Semantics): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = strip(node.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:then|finally)$/.test(callee.name.text)) return false;
  return isUnrejectable(callee.expression, semantics) || isUnrejectableChain(strip(callee.expression), semantics);
}

/** The only thing that a function returns. */
function returnedBy(fn: ts.FunctionLikeDeclaration | undefined): ts.Expression | undefined {
  if (!fn?.body) return undefined;
  if (!ts.isBlock(fn.body)) return fn.body;
  const last = fn.body.statements.at(-1);
  return last && ts.isReturnStatement(last) ? last.expression : undefined;
}
