import ts from 'typescript';
import { contains } from '../syntax/tree.ts';

/** Whether no run of a function reaches both places: the earlier one stands in a branch that leaves, or in the other branch. */
export function areExclusive(one: ts.Node, other: ts.Node): boolean {
  const [first, second] = one.pos <= other.pos ? [one, other] : [other, one];
  let leaves = false;
  for (let child = first; child.parent; child = child.parent) {
    const { parent } = child;
    if (contains(parent, second)) return leaves || isOtherBranch(parent, child, second);
    // What returns in an inner function leaves only that one.
    if (ts.isFunctionLike(parent)) leaves = false;
    else if (ts.isBlock(parent) || ts.isIfStatement(parent)) leaves ||= isExit(lastOf(parent, child));
  }
  return false;
}

function isOtherBranch(parent: ts.Node, child: ts.Node, second: ts.Node): boolean {
  if (ts.isIfStatement(parent))
    return child === parent.thenStatement && !!parent.elseStatement && contains(parent.elseStatement, second);
  return ts.isConditionalExpression(parent) && child === parent.whenTrue && contains(parent.whenFalse, second);
}

/** The last statement of a block, or of a branch without one. */
function lastOf(parent: ts.Block | ts.IfStatement, child: ts.Node): ts.Node | undefined {
  if (ts.isBlock(parent)) return parent.statements.at(-1);
  return child === parent.expression ? undefined : child;
}

function isExit(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isReturnStatement(node) || ts.isThrowStatement(node));
}
