import ts from 'typescript';

/** Whether control always leaves the function at the statement: it returns or throws, on each of its ways. */
export const leavesFunction = (statement: ts.Statement): boolean => leavesBy(statement, isFunctionExit);

/** Whether control never goes on behind the statement: it leaves the function, a loop or the turn of one. */
export const leavesBlock = (statement: ts.Statement): boolean =>
  leavesBy(statement, (it) => isFunctionExit(it) || ts.isBreakOrContinueStatement(it));

/** Whether control never comes to the node, for a statement before it always leaves. */
export function isNeverReached(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    // Declarations of functions hold before their place.
    if (ts.isFunctionDeclaration(current)) continue;
    const { parent } = current;
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const at = parent.statements.indexOf(current as ts.Statement);
    if (at > 0 && parent.statements.slice(0, at).some(leavesBlock)) return true;
  }
  return false;
}

/** The nearest `try` of the same function in whose `finally` the node stands. */
export function finallyAround(node: ts.Node): ts.TryStatement | undefined {
  for (let current = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    if (isFinallyBlock(current)) return current.parent as ts.TryStatement;
  }
  return undefined;
}

/** Whether the node stands in a `catch` or in a `finally`, be it in a function that is made there. */
export function isInCleanup(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    if (ts.isCatchClause(current) || isFinallyBlock(current)) return true;
  }
  return false;
}

/** The block behind `finally`. */
export const isFinallyBlock = (node: ts.Node): boolean =>
  !ts.isSourceFile(node) && ts.isTryStatement(node.parent) && node.parent.finallyBlock === node;

/** Whether code takes back what a failure made void: in a `catch`, or before a `throw`. */
export function undoesFailure(node: ts.Node, root: ts.Node): boolean {
  for (let current = node; current !== root && current.parent; current = current.parent) {
    if (ts.isCatchClause(current)) return true;
    const { parent } = current;
    if (!ts.isBlock(parent)) continue;
    const last = parent.statements.at(-1);
    if (parent.parent !== root && last !== undefined && ts.isThrowStatement(last)) return true;
  }
  return false;
}

/** Whether code stands on a way of its own that then leaves the function: `if (!known) { slots.release(); return; }`. */
export function isBeforeLeaving(node: ts.Node, root: ts.Node): boolean {
  for (let current = node; current !== root && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isBlock(parent) && ts.isIfStatement(parent.parent) && leavesFunction(parent)) return true;
  }
  return false;
}

const isFunctionExit = (statement: ts.Statement): boolean =>
  ts.isReturnStatement(statement) || ts.isThrowStatement(statement);

function leavesBy(statement: ts.Statement, isExit: (statement: ts.Statement) => boolean): boolean {
  if (ts.isBlock(statement)) {
    const last = statement.statements.at(-1);
    return last !== undefined && leavesBy(last, isExit);
  }
  if (ts.isIfStatement(statement)) {
    const { thenStatement, elseStatement } = statement;
    return elseStatement !== undefined && leavesBy(thenStatement, isExit) && leavesBy(elseStatement, isExit);
  }
  if (ts.isTryStatement(statement)) {
    const { tryBlock, catchClause, finallyBlock } = statement;
    if (finallyBlock && leavesBy(finallyBlock, isExit)) return true;
    return leavesBy(tryBlock, isExit) && (!catchClause || leavesBy(catchClause.block, isExit));
  }
  return isExit(statement);
}
