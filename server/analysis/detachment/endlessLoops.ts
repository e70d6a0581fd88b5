import ts from 'typescript';
import { isRoot, strip } from '../syntax/tree.ts';

/** `while (true)`, `for (;;)`, `do … while (true)`. */
export function isEndless(loop: ts.IterationStatement): boolean {
  if (ts.isForStatement(loop)) return !loop.condition || isTrue(loop.condition);
  return (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) && isTrue(loop.expression);
}

function isTrue(node: ts.Expression): boolean {
  const value = strip(node);
  return value.kind === ts.SyntaxKind.TrueKeyword || (ts.isNumericLiteral(value) && value.text !== '0');
}

/** What a loop's body does about ending. */
export interface LoopBody {
  /** The first `await`, if the loop waits at all. */
  readonly waits: ts.Node | undefined;
  /** A `break`, `return`, `yield`, `throw` or end of the process that leaves the loop. */
  readonly leaves: boolean;
  /** An `await` whose failure nobody in the loop catches. */
  readonly failsOut: boolean;
}

const ending = /^(?:process\.(?:exit|abort|kill)|Deno\.exit|self\.close|throwIfAborted)$|\.throwIfAborted$/;

export function bodyOf(loop: ts.IterationStatement): LoopBody {
  let waits: ts.Node | undefined;
  let leaves = false;
  let failsOut = false;
  const visit = (node: ts.Node, depth: { readonly caught: boolean; readonly breakable: boolean }): void => {
    if (isRoot(node)) return;
    if (ts.isAwaitExpression(node)) {
      waits ??= node;
      if (!depth.caught) failsOut = true;
    } else if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) leaves = true;
    else if (ts.isThrowStatement(node)) leaves ||= !depth.caught;
    else if (ts.isBreakStatement(node)) leaves ||= node.label !== undefined || !depth.breakable;
    else if (ts.isContinueStatement(node)) leaves ||= node.label !== undefined;
    else if (ts.isCallExpression(node) && ending.test(node.expression.getText())) leaves = true;
    if (ts.isTryStatement(node)) {
      visit(node.tryBlock, { ...depth, caught: depth.caught || node.catchClause !== undefined });
      if (node.catchClause) visit(node.catchClause.block, depth);
      if (node.finallyBlock) visit(node.finallyBlock, depth);
      return;
    }
    const breakable = depth.breakable || ts.isIterationStatement(node, false) || ts.isSwitchStatement(node);
    ts.forEachChild(node, (child) => visit(child, { ...depth, breakable }));
  };
  visit(loop.statement, { caught: false, breakable: false });
  return { waits, leaves, failsOut };
}
