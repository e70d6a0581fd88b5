import ts from 'typescript';
import type { Edge, FlowGraph, FlowNode } from './graph.ts';

const textLimit = 48;

/**
 * Prints a graph for specs: one node a line, numbered in reverse postorder, with its kind, the start of its text and its
 * edges. An edge to the following line is left out when it is the only ordinary one; `exit`, `thrown` and `halted` have
 * no line of their own. A node in a `finally` copy starts with the completion that the copy is made for.
 */
export function printFlowGraph(graph: FlowGraph): string {
  const order = reversePostorder(graph).filter((node) => !isEnd(node));
  const numbers = new Map(order.map((node, index) => [node, index]));
  const width = String(order.length - 1).length;
  const lines = order.map((node, index) => {
    const edges = node.edges
      .filter((edge) => edge.kind !== 'next' || numbers.get(edge.to) !== index + 1)
      .map((edge) => printEdge(edge, numbers));
    return [`${String(index).padStart(width)} ${describe(node)}`, ...edges].join('  ');
  });
  if (graph.approximate) lines.push('approximate');
  return `${lines.join('\n')}\n`;
}

function printEdge(edge: Edge, numbers: ReadonlyMap<FlowNode, number>): string {
  const target = numbers.get(edge.to) ?? edge.to.kind;
  return edge.kind === 'next' ? `→${target}` : `${edge.kind}→${target}`;
}

function describe(node: FlowNode): string {
  const text = node.kind === 'entry' ? '' : shortText(node.syntax);
  const words = [node.kind, node.inlining, node.test === 'truthy' ? undefined : node.test].filter(Boolean);
  // `return 1` and `case 2` say themselves what they are.
  if (text.startsWith(words.at(-1) ?? text)) words.pop();
  return [node.finallyFor && `[${node.finallyFor}]`, ...words, text].filter(Boolean).join(' ');
}

function shortText(node: ts.Node): string {
  const text = headText(node).replace(/\s+/g, ' ').trim();
  return text.length > textLimit ? `${text.slice(0, textLimit - 1)}…` : text;
}

/** The text without a body: `for (const a of b)`, `case 1:`, `() =>`. */
function headText(node: ts.Node): string {
  const source = node.getSourceFile();
  const start = node.getStart(source);
  const body = bodyStart(node, source);
  return source.text.slice(start, body ?? node.end);
}

function bodyStart(node: ts.Node, source: ts.SourceFile): number | undefined {
  if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return node.statement.getStart(source);
  if (ts.isFunctionLike(node) && 'body' in node && node.body) return (node.body as ts.Node).getStart(source);
  if (ts.isClassLike(node)) return node.members.pos;
  if (ts.isCaseClause(node)) return node.expression.end;
  return undefined;
}

function reversePostorder(graph: FlowGraph): FlowNode[] {
  const order: FlowNode[] = [];
  const seen = new Set<FlowNode>([graph.entry]);
  const stack = [{ node: graph.entry, next: graph.entry.edges.length }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    // The last edge first: what follows an ordinary edge then comes right behind its source.
    top.next--;
    const target = top.node.edges[top.next]?.to;
    if (target === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!seen.has(target)) {
      seen.add(target);
      stack.push({ node: target, next: target.edges.length });
    }
  }
  return order.reverse();
}

function isEnd(node: FlowNode): boolean {
  return node.kind === 'exit' || node.kind === 'thrown' || node.kind === 'halted';
}
