import type { Draft, Flow } from './flow.ts';
import type { EdgeKind, FlowNode } from './graph.ts';

const edgeOrder: Record<EdgeKind, number> = { next: 0, true: 1, false: 2, return: 3, throw: 4 };

/** Takes out the joins that only lead on, sorts the edges, and returns the nodes that can be reached. */
export function simplify(flow: Flow): FlowNode[] {
  for (const node of flow.nodes) {
    for (const edge of node.edges) edge.to = skipJoins(edge.to);
    node.edges.sort((a, b) => edgeOrder[a.kind] - edgeOrder[b.kind]);
  }
  const reached = new Set<Draft>([flow.entry]);
  for (const node of reached) for (const edge of node.edges) reached.add(edge.to);
  return flow.nodes.filter((node) => reached.has(node));
}

/** Stops at a join that only leads to itself: an empty endless loop. */
function skipJoins(start: Draft): Draft {
  const passed = new Set<Draft>();
  let node = start;
  while (node.kind === 'join' && node.edges.length === 1 && !passed.has(node)) {
    passed.add(node);
    const [edge] = node.edges;
    if (edge) node = edge.to;
  }
  return node;
}
