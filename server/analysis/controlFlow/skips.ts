import ts from 'typescript';
import { strip } from '../syntax/tree.ts';
import type { FlowGraph, FlowNode } from './graph.ts';

/** A way from one step of a function to an end of it that passes by what should come in between. */
export interface Skip {
  readonly end: 'exit' | 'thrown';
  /** The steps from the first to the last before the end. */
  readonly path: readonly FlowNode[];
  /** The step that leaves: the statement or the operation that throws; `undefined` when the function just ends. */
  readonly leaves: FlowNode | undefined;
}

export interface SkipQuestion {
  readonly graph: FlowGraph;
  readonly from: ts.Node;
  /** What should come in between, on every way. */
  readonly passes: ReadonlySet<ts.Node>;
  /** Whether an operation's exception counts. */
  readonly throws: (node: FlowNode) => boolean;
}

/**
 * The shortest way that skips what should come in between, ordinary ends first; `undefined` when every way passes it.
 * Conditions are compared by their text: what began under a condition goes on under it.
 */
export function skipOf(question: SkipQuestion): Skip | undefined {
  const { graph, from } = question;
  const starts = graph.nodes.filter(({ syntax, kind }) => syntax === from && kind !== 'branch');
  const found = starts.flatMap((start) => search(question, start));
  return found.find(({ end }) => end === 'exit') ?? found[0];
}

/** Whether one of the steps can come after another. */
export function canFollow(graph: FlowGraph, from: ts.Node, passes: ReadonlySet<ts.Node>): boolean {
  const pending = graph.nodes.filter(({ syntax }) => syntax === from);
  const seen = new Set(pending);
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const { to } of node.edges) {
      if (passes.has(to.syntax)) return true;
      if (!seen.has(to)) {
        seen.add(to);
        pending.push(to);
      }
    }
  }
  return false;
}

function search({ graph, from, passes, throws }: SkipQuestion, start: FlowNode): readonly Skip[] {
  const decided = conditionsAround(from);
  const before = new Map<FlowNode, FlowNode | undefined>([[start, undefined]]);
  const queue: FlowNode[] = [start];
  const skips: Skip[] = [];
  for (const node of queue) {
    for (const { kind, to } of node.edges) {
      if (kind === 'throw' && !throws(node)) continue;
      if (node.kind === 'branch' && !isTaken(node, kind, decided, passes)) continue;
      if (before.has(to) || (passes.has(to.syntax) && to.kind !== 'branch')) continue;
      before.set(to, node);
      if (to === graph.exit || to === graph.thrown)
        skips.push(skipAt(to === graph.exit ? 'exit' : 'thrown', node, before));
      else queue.push(to);
    }
  }
  return skips;
}

function skipAt(end: Skip['end'], last: FlowNode, before: ReadonlyMap<FlowNode, FlowNode | undefined>): Skip {
  const path: FlowNode[] = [];
  for (let node: FlowNode | undefined = last; node; node = before.get(node)) path.unshift(node);
  const leaving = path.findLast((node, index) => {
    if (end === 'exit') return node.kind === 'return' || node.kind === 'break' || node.kind === 'continue';
    const next = path[index + 1];
    return (
      node.kind === 'throw' ||
      node.edges.some((edge) => edge.kind === 'throw' && (next === undefined || edge.to === next))
    );
  });
  return { end, path, leaves: leaving };
}

/** The conditions under which a node stands, by their text. */
function conditionsAround(node: ts.Node): ReadonlyMap<string, boolean> {
  const decided = new Map<string, boolean>();
  for (let current = node; current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isIfStatement(parent) && current !== parent.expression) {
      decide(decided, parent.expression, current === parent.thenStatement);
    } else if (ts.isConditionalExpression(parent) && current !== parent.condition) {
      decide(decided, parent.condition, current === parent.whenTrue);
    } else if (ts.isBinaryExpression(parent) && current === parent.right) {
      if (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) decide(decided, parent.left, true);
    } else if (ts.isFunctionLike(parent)) break;
  }
  return decided;
}

function decide(decided: Map<string, boolean>, condition: ts.Expression, holds: boolean): void {
  const plain = strip(condition);
  if (ts.isPrefixUnaryExpression(plain) && plain.operator === ts.SyntaxKind.ExclamationToken) {
    decide(decided, plain.operand, !holds);
  } else if (!decided.has(plain.getText())) decided.set(plain.getText(), holds);
}

function isTaken(
  { syntax, test }: FlowNode,
  kind: string,
  decided: ReadonlyMap<string, boolean>,
  passes: ReadonlySet<ts.Node>,
): boolean {
  // `gauge?.inc()` … `gauge?.dec()`: there is one, or nothing was raised.
  if (test === 'nullish')
    return kind === 'false' || ![...passes].some((pass) => pass.pos <= syntax.pos && syntax.end <= pass.end);
  if (test !== 'truthy') return true;
  const known = decided.get(strip(syntax as ts.Expression).getText());
  if (known !== undefined) return known === (kind === 'true');
  // A flag that guards the step is taken to say whether it is due.
  const guarded = guardedSide(syntax, passes);
  return guarded === undefined || guarded === (kind === 'true');
}

/** The side of a plain condition on which such a step stands, where only one has it. */
function guardedSide(condition: ts.Node, passes: ReadonlySet<ts.Node>): boolean | undefined {
  let current = condition;
  let negated = false;
  while (ts.isPrefixUnaryExpression(current.parent) || ts.isParenthesizedExpression(current.parent)) {
    if (ts.isPrefixUnaryExpression(current.parent)) negated = !negated;
    current = current.parent;
  }
  const { parent } = current;
  if (!ts.isIfStatement(parent) || !isFlag(condition)) return undefined;
  const holds = (side: ts.Statement | undefined): boolean =>
    side !== undefined && [...passes].some((pass) => side.pos <= pass.pos && pass.end <= side.end);
  const [then, otherwise] = [holds(parent.thenStatement), holds(parent.elseStatement)];
  return then === otherwise ? undefined : then !== negated;
}

function isFlag(node: ts.Node): boolean {
  const plain = strip(node as ts.Expression);
  if (ts.isPrefixUnaryExpression(plain)) return isFlag(plain.operand);
  return ts.isIdentifier(plain) || ts.isPropertyAccessExpression(plain);
}
