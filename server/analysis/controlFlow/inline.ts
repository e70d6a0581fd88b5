import ts from 'typescript';
import { visit } from './expressions.ts';
import type { End, Flow, FunctionFrame } from './flow.ts';
import type { Inlining } from './graph.ts';
import { bindParameters } from './patterns.ts';
import { returnFrom, visitStatements } from './statements.ts';
import type { FunctionLiteral } from './syntax.ts';

/** Builds the body of a function literal where its call stands; its uncaught throws go to `onThrow`. */
export function inline(
  flow: Flow,
  literal: FunctionLiteral,
  inlining: Inlining,
  call: ts.CallExpression | ts.NewExpression,
  onThrow: (throws: readonly End[]) => void,
): void {
  flow.inlined.set(literal, inlining);
  flow.add('enter', literal, { inlining, call });
  const frame: FunctionFrame = { kind: 'function', literal, returns: [], throws: [] };
  functionBody(flow, literal, frame);
  flow.merge(frame.returns);
  if (flow.reachable) flow.add('leave', literal, { inlining, call });
  const after = flow.take();
  onThrow(frame.throws);
  flow.merge(after);
}

/** Builds parameters and body of a function inside its own frame. */
export function functionBody(
  flow: Flow,
  node: Extract<ts.SignatureDeclaration, ts.FunctionLikeDeclaration>,
  frame: FunctionFrame,
): void {
  flow.frames.push(frame);
  bindParameters(flow, node.parameters);
  const { body } = node;
  if (body && ts.isBlock(body)) {
    visitStatements(flow, body.statements);
  } else if (body) {
    visit(flow, body);
    returnFrom(flow, body);
  }
  flow.frames.pop();
}
