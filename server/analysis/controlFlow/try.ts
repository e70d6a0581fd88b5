import type ts from 'typescript';
import { withCleanup } from './completions.ts';
import type { CatchFrame, Flow } from './flow.ts';
import { visitPattern } from './patterns.ts';
import { visitStatements } from './statements.ts';

/** `try` with `catch`, with `finally` or with both. */
export function visitTry(flow: Flow, node: ts.TryStatement): void {
  const { finallyBlock } = node;
  if (finallyBlock === undefined) {
    visitTryAndCatch(flow, node);
    return;
  }
  withCleanup(
    flow,
    () => visitTryAndCatch(flow, node),
    () => visitStatements(flow, finallyBlock.statements),
  );
}

function visitTryAndCatch(flow: Flow, node: ts.TryStatement): void {
  const { tryBlock, catchClause } = node;
  if (catchClause === undefined) {
    visitStatements(flow, tryBlock.statements);
    return;
  }
  const frame: CatchFrame = { kind: 'catch', throws: [] };
  flow.frames.push(frame);
  visitStatements(flow, tryBlock.statements);
  flow.frames.pop();
  const after = flow.take();
  flow.current = frame.throws;
  if (flow.reachable && catchClause.variableDeclaration) {
    visitPattern(flow, catchClause.variableDeclaration.name);
    if (flow.reachable) flow.add('bind', catchClause.variableDeclaration);
  }
  visitStatements(flow, catchClause.block.statements);
  flow.merge(after);
}
