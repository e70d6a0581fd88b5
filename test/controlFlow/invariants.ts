import type { FlowGraph } from '../../server/analysis/controlFlow/graph.ts';

/** What is wrong with the shape of a graph, if anything. */
export function brokenInvariant(graph: FlowGraph): string | undefined {
  const nodes = new Set(graph.nodes);
  const reached = new Set([graph.entry]);
  for (const node of reached) for (const edge of node.edges) reached.add(edge.to);
  if (reached.size !== nodes.size) return `${nodes.size} nodes, ${reached.size} reachable`;
  for (const node of nodes) {
    if (!reached.has(node)) return `node ${node.id} is unreachable`;
    const kinds = node.edges.map((edge) => edge.kind);
    const ends = node === graph.exit || node === graph.thrown || node === graph.halted;
    if (ends !== (kinds.length === 0)) return `node ${node.id} (${node.kind}) has ${kinds.length} edges`;
    if ((node.kind === 'branch') !== (kinds.join() === 'true,false'))
      return `node ${node.id} has edges ${kinds.join()}`;
    if (new Set(kinds).size < kinds.length && !graph.approximate) return `node ${node.id} has edges ${kinds.join()}`;
  }
  return undefined;
}
