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

/** Whether the loop does not come as far as the node again, for what follows leaves it: `start(); return;`. */
export function leavesLoop(node: ts.Node, loop: ts.Node): boolean {
  let exit: ts.Node | undefined;
  for (let child = node; child !== loop && child.parent; child = child.parent) {
    const { parent } = child;
    if (ts.isReturnStatement(child)) exit = child;
    else if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent)) {
      const last = parent.statements.at(-1);
      if (last && last.pos > node.pos && (isExit(last) || isBreak(last)) && !goesOn(node, last)) exit ??= last;
    }
    // What fails on the way may be tried again.
    if (ts.isTryStatement(parent) && parent.catchClause && child === parent.tryBlock) exit = undefined;
    const isInner = parent !== loop && (ts.isIterationStatement(parent, false) || ts.isSwitchStatement(parent));
    if (isInner && exit && isBreak(exit)) exit = undefined;
  }
  return exit !== undefined;
}

function isBreak(node: ts.Node): boolean {
  return ts.isBreakStatement(node) && !node.label;
}

function goesOn(from: ts.Node, to: ts.Node): boolean {
  return /\bcontinue\b/.test(from.getSourceFile().text.slice(from.end, to.pos));
}
