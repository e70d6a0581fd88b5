import ts from 'typescript';
import { initialiseInstance, isDerived } from './classes.ts';
import { Flow, type FunctionFrame } from './flow.ts';
import type { FlowGraph, FlowPolicy, GraphRoot } from './graph.ts';
import { functionBody } from './inline.ts';
import { simplify } from './simplify.ts';
import { visitStatements } from './statements.ts';

/**
 * Builds the control-flow graph of one function, implicit constructor or module. The tree must have parent pointers.
 * Any tree that the parser makes will do, also of a text with syntax errors.
 */
export function buildFlowGraph(root: GraphRoot, policy: FlowPolicy): FlowGraph {
  const flow = new Flow(root, policy);
  const frame: FunctionFrame = { kind: 'function', literal: undefined, returns: [], throws: [] };
  if (ts.isSourceFile(root)) inFrame(flow, frame, () => visitStatements(flow, root.statements));
  else if (ts.isClassStaticBlockDeclaration(root))
    inFrame(flow, frame, () => visitStatements(flow, root.body.statements));
  else if (ts.isClassLike(root)) inFrame(flow, frame, () => initialiseInstance(flow));
  else {
    if (ts.isConstructorDeclaration(root) && !isDerived(root.parent)) {
      inFrame(flow, frame, () => initialiseInstance(flow));
    }
    functionBody(flow, root, frame);
  }
  flow.connect(flow.take(), flow.exit);
  flow.connect(frame.returns, flow.exit);
  flow.connect(frame.throws, flow.thrown);
  return flow.graph(simplify(flow));
}

function inFrame(flow: Flow, frame: FunctionFrame, build: () => void): void {
  flow.frames.push(frame);
  build();
  flow.frames.pop();
}
