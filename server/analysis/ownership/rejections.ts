import type { EdgeKind, FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import { contains, isAsync, isFunctionLiteral } from '../syntax/tree.ts';
import type { Relevance } from './relevance.ts';

/**
 * Whether the edge is that of a rejection which concerns one round of `forEach(async …)` only: the function around it
 * goes on, and with it what was acquired outside of the callback, unless the callback is to release that.
 */
export function concernsOneRound(graph: FlowGraph, node: FlowNode, kind: EdgeKind, relevance: Relevance): boolean {
  if (!node.edges.some((edge) => edge.kind === kind && edge.to === graph.thrown)) return false;
  for (let { syntax } = node; syntax !== graph.root && syntax.parent; syntax = syntax.parent) {
    if (!isFunctionLiteral(syntax) || !isAsync(syntax) || graph.inlined.get(syntax) !== 'each') continue;
    return !relevance.acquires(syntax) && !relevance.releases(syntax) && contains(graph.root, syntax);
  }
  return false;
}
