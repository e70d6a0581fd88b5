import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { contains, enclosingRoot, isFunctionLiteral, strip } from '../syntax/tree.ts';

/** Whether a comparison asks for a count that several callbacks keep together: `++finished === 2`, `pending <= 0`. */
export function asksSharedCount(program: Program, condition: ts.Expression): boolean {
  const expression = strip(condition);
  const callback = enclosingRoot(expression);
  if (!ts.isBinaryExpression(expression) || !isFunctionLiteral(callback)) return false;
  return [expression.left, expression.right].some((side) => {
    const operand = strip(side);
    const name = ts.isPrefixUnaryExpression(operand) ? strip(operand.operand) : operand;
    const binding = ts.isIdentifier(name) ? program.unitOf(name).scopes.bindingOf(name) : undefined;
    const [declared] = binding?.declarations ?? [];
    if (!binding || !declared || contains(callback, declared)) return false;
    const counting = binding.writes.filter(({ parent }) => isCounting(parent)).map((write) => enclosingRoot(write));
    return new Set(counting).size > 1;
  });
}

function isCounting(node: ts.Node): boolean {
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) return true;
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.PlusEqualsToken || kind === ts.SyntaxKind.MinusEqualsToken;
}
