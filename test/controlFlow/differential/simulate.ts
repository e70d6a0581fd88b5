import ts from 'typescript';
import type { EdgeKind, FlowGraph, FlowNode } from '../../../server/analysis/controlFlow/graph.ts';
import type { Run, TraceEvent } from './execute.ts';

/** What is known about the values of a run at one moment. */
interface Knowledge {
  readonly calls: Map<number, Extract<TraceEvent, { type: 'call' }>>;
  readonly steps: Map<number, Extract<TraceEvent, { type: 'step' }>>;
}

/**
 * Follows a run through the graph. Returns why it is no path of the graph, or why the graph has a path beside it that
 * the known values exclude; `undefined` when it is exactly the path.
 */
export function contradiction(graph: FlowGraph, run: Run): string | undefined {
  const known: Knowledge = { calls: new Map(), steps: new Map() };
  let states: readonly FlowNode[] = [graph.entry];
  for (const [index, event] of run.trace.entries()) {
    const { frontier, certain } = observable(states, known);
    if (certain && frontier.size > 1) return `before event ${index}: ${frontier.size} ways with all values known`;
    const next = new Set<FlowNode>();
    for (const node of frontier) {
      const kind = matches(node, event);
      const target = kind && node.edges.find((edge) => edge.kind === kind)?.to;
      if (target) next.add(target);
    }
    if (next.size === 0) return `event ${index} ${JSON.stringify(event)} cannot follow`;
    if (event.type === 'call') known.calls.set(event.id, event);
    if (event.type === 'step') known.steps.set(event.id, event);
    states = [...next];
  }
  if (run.end === 'cut') return undefined;
  const { frontier, certain } = observable(states, known);
  if (certain && frontier.size > 1) return `before the end: ${frontier.size} ways with all values known`;
  return frontier.has(graph[run.end]) ? undefined : `the run ends as ${run.end}, the graph does not`;
}

/** The nodes at which the next event can be observed, and whether the values left no choice on the way. */
function observable(states: readonly FlowNode[], known: Knowledge): { frontier: Set<FlowNode>; certain: boolean } {
  const frontier = new Set<FlowNode>();
  const seen = new Set(states);
  let certain = states.length === 1;
  for (const node of seen) {
    if (node.edges.length === 0 || isObserved(node)) {
      frontier.add(node);
      continue;
    }
    const kinds = silentEdges(node, known);
    if (kinds.length > 1) certain = false;
    for (const edge of node.edges) if (kinds.includes(edge.kind)) seen.add(edge.to);
  }
  return { frontier, certain };
}

function isObserved(node: FlowNode): boolean {
  const { kind, syntax } = node;
  if (kind === 'dispose') return true;
  if (kind === 'branch')
    return ts.isForOfStatement(syntax) && !syntax.awaitModifier && callId(syntax.expression) !== undefined;
  if (kind !== 'evaluate') return false;
  return ts.isYieldExpression(syntax) || ts.isForOfStatement(syntax) || observedCall(node) !== undefined;
}

function observedCall(node: FlowNode): number | undefined {
  const { syntax, inlining } = node;
  if (inlining && ts.isIdentifier(syntax)) return Number(syntax.text.slice(1));
  return callId(syntax);
}

/** The edge that an observed node takes for an event; `undefined` when the event is not its own. */
function matches(node: FlowNode, event: TraceEvent): EdgeKind | undefined {
  const { kind, syntax } = node;
  switch (event.type) {
    case 'call':
      if (kind !== 'evaluate' || observedCall(node) !== event.id) return undefined;
      if (event.outcome === 'reject') return isWaitedFor(syntax) ? 'next' : 'throw';
      return event.outcome === 'throw' ? 'throw' : 'next';
    case 'step':
      if (!ts.isForOfStatement(syntax) || callId(syntax.expression) !== event.id) return undefined;
      if (kind === 'evaluate') return event.outcome === 'throw' ? 'throw' : 'next';
      return event.outcome === 'element' ? 'true' : 'false';
    case 'yield':
      return kind === 'evaluate' && ts.isYieldExpression(syntax) ? event.outcome : undefined;
    case 'dispose':
      return kind === 'dispose' && disposedId(syntax) === event.id ? 'next' : undefined;
  }
}

/** The edges that may be taken from a node that leaves no event. */
function silentEdges(node: FlowNode, known: Knowledge): readonly EdgeKind[] {
  const { kind, syntax } = node;
  if (kind === 'branch') {
    const holds = outcome(node, known);
    if (holds === undefined) return ['true', 'false'];
    return holds ? ['true'] : ['false'];
  }
  if (kind === 'throw') return ['throw'];
  const waitedFor = kind === 'settle' || ts.isAwaitExpression(syntax) ? promiseId(syntax) : undefined;
  const rejects = waitedFor !== undefined && known.calls.get(waitedFor)?.outcome === 'reject';
  return rejects ? ['throw'] : ['next'];
}

function outcome(node: FlowNode, known: Knowledge): boolean | undefined {
  const { syntax, test } = node;
  if (test === 'next' && ts.isForOfStatement(syntax)) {
    const id = callId(syntax.expression);
    return id === undefined ? undefined : known.steps.get(id)?.outcome === 'element';
  }
  if (test === 'case' && ts.isCaseClause(syntax)) {
    const discriminant = callId(syntax.parent.parent.expression);
    const candidate = callId(syntax.expression);
    if (discriminant === undefined || candidate === undefined) return undefined;
    return known.calls.get(discriminant)?.value === known.calls.get(candidate)?.value;
  }
  const value = knownValue(syntax, known);
  if (value === undefined) return undefined;
  if (test === 'truthy') return Boolean(value.is);
  return test === 'nullish' ? value.is === null || value.is === undefined : undefined;
}

/** The value of `t(7)`, `ob(7).a` or `o(7)?.m`. */
function knownValue(syntax: ts.Node, known: Knowledge): { readonly is: unknown } | undefined {
  const access = ts.isPropertyAccessExpression(syntax) ? syntax : undefined;
  const id = callId(access?.expression ?? syntax);
  const call = id === undefined ? undefined : known.calls.get(id);
  if (call === undefined) return undefined;
  const object = call.value as Record<string, unknown> | null | undefined;
  return { is: access ? object?.[access.name.text] : object };
}

/** The number of a call such as `t(7)`. */
function callId(node: ts.Node): number | undefined {
  const inner = withoutParentheses(node);
  if (!ts.isCallExpression(inner) || !ts.isIdentifier(inner.expression)) return undefined;
  const [first] = inner.arguments;
  return first && ts.isNumericLiteral(first) ? Number(first.text) : undefined;
}

function promiseId(node: ts.Node): number | undefined {
  if (ts.isAwaitExpression(node)) return callId(node.expression);
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return callId(node.expression.expression);
}

/** Whether the promise of a call is awaited or starts a chain, so that its rejection shows there. */
function isWaitedFor(call: ts.Node): boolean {
  let parent = call.parent;
  while (ts.isParenthesizedExpression(parent)) parent = parent.parent;
  return ts.isAwaitExpression(parent) || ts.isPropertyAccessExpression(parent);
}

function disposedId(declaration: ts.Node): number | undefined {
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  if (declaration.initializer) return callId(declaration.initializer);
  const loop = declaration.parent.parent;
  return ts.isForOfStatement(loop) ? callId(loop.expression) : undefined;
}

function withoutParentheses(node: ts.Node): ts.Node {
  let inner = node;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}
