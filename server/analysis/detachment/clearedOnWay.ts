import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Handle } from './handles.ts';
import { conditionsOf, isFeasible } from './missedClear.ts';
import type { Timer } from './timers.ts';

const maxVisits = 20_000;

/**
 * Whether every way from the start of a timer to where a handler comes into being clears the timer first: whatever
 * the handler does, it finds no timer running.
 */
export function isClearedOnWay(timer: Timer, handle: Handle, semantics: Semantics, handler: ts.Node): boolean {
  const root = semantics.graphs.rootOf(timer.call);
  const graph = semantics.graphs.of(root);
  if (graph.approximate) return false;
  const isClear = ({ syntax, kind }: FlowNode): boolean =>
    kind === 'evaluate' && ts.isCallExpression(syntax) && syntax !== timer.call && handle.isClearedBy(syntax);
  const isThere = ({ syntax, kind }: FlowNode): boolean =>
    syntax === handler && (kind === 'closure' || kind === 'enter' || kind === 'evaluate');
  const conditions = conditionsOf(timer.call, root);
  const reaches = (stops: (node: FlowNode) => boolean): boolean => {
    const pending = graph.nodes.filter(({ kind, syntax }) => kind === 'evaluate' && syntax === timer.call);
    const seen = new Set<FlowNode>(pending);
    for (let node = pending.shift(); node; node = pending.shift()) {
      if (isThere(node) || seen.size > maxVisits) return true;
      if (stops(node)) continue;
      for (const edge of node.edges) {
        if (seen.has(edge.to) || !isFeasible(node, edge, handle, conditions)) continue;
        seen.add(edge.to);
        pending.push(edge.to);
      }
    }
    return false;
  };
  // What was arranged before the start may run at any time.
  return reaches(() => false) && !reaches(isClear);
}
