import type ts from 'typescript';
import type { EdgeKind, FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import type { Failure } from '../semantics/failures.ts';
import type { Handover, Misuse, Outcome } from './outcome.ts';
import { type Carry, emptyState, isLive, type State, stateKey } from './state.ts';
import { isExpectedThrow, isUndoing } from './throws.ts';

/** Beyond this the function is given up rather than the user's time. */
const maxStates = 20_000;

/** One step of a path: the node, the state in which it was reached, and how. */
export interface PathStep {
  readonly node: FlowNode;
  readonly state: State;
  /** The edge on which the node was left; absent for the last step. */
  readonly edge: EdgeKind | undefined;
  /** No other edge could be taken. */
  readonly forced: boolean;
}

/** A path on which the obligation is still alive at the end. */
export interface Leak {
  /** `exit`: the function ended. `lost`: the last name that held the resource is gone. */
  readonly end: 'exit' | 'lost';
  /** The path rests on an ordinary call throwing. */
  readonly unlikely: boolean;
  readonly path: readonly PathStep[];
}

export interface MisusePath extends Misuse {
  /** The path rests on an ordinary call throwing. */
  readonly unlikely: boolean;
  readonly path: readonly PathStep[];
}

export interface Exploration {
  /** The shortest leaking path without a throw, if there is one. */
  readonly plain: Leak | undefined;
  /** The shortest leaking path on which something threw outside the gap before the protecting `try`. */
  readonly thrown: Leak | undefined;
  /** The shortest leaking path whose only throws lie in that gap. */
  readonly gap: Leak | undefined;
  /** Whether a path on which nothing threw gave the resource back. */
  readonly dischargedInOrder: boolean;
  /** Nodes at which some path gave the resource back. */
  readonly discharges: ReadonlySet<FlowNode>;
  readonly handovers: readonly Handover[];
  /** What goes wrong around a release; asked for by `Afterlife` only. */
  readonly misuses: readonly MisusePath[];
  /** Names of the methods that are called on the resource. */
  readonly uses: ReadonlySet<string>;
  /** Nodes that tell somebody outside where the resource is. */
  readonly tellings: ReadonlySet<FlowNode>;
  /** Whether some path acquired. */
  readonly acquired: boolean;
  /** Too many paths: nothing can be said. */
  readonly gaveUp: boolean;
}

interface Visit {
  readonly node: FlowNode;
  readonly state: State;
  readonly from: Visit | undefined;
  readonly edge: EdgeKind | undefined;
  /** The edge was the only feasible one. */
  readonly forced: boolean;
}

export interface Transitions {
  readonly uses: ReadonlySet<string>;
  readonly tellings: ReadonlySet<FlowNode>;
  initial(state: State): State;
  follow(node: FlowNode, edge: EdgeKind, state: State): Outcome;
  /** What can fail where the node throws. */
  failureAt(node: FlowNode, before: State): Failure;
}

/**
 * Follows the resource along all paths of the graph at once, breadth first, so that the first path found to each end
 * is the shortest. States are kept apart (a disjunctive forward dataflow); equal ones are merged.
 * @param isGap tells whether a throw at the node counts as "before the protecting `try`".
 */
export function explore(graph: FlowGraph, transitions: Transitions, isGap: (node: FlowNode) => boolean): Exploration {
  const seen = new Set<string>();
  const leaks: { plain?: Leak; thrown?: Leak; gap?: Leak } = {};
  const discharges = new Set<FlowNode>();
  const handovers = new Map<string, Handover>();
  const misuses = new Map<ts.Node, MisusePath>();
  let acquired = false;
  let dischargedInOrder = false;
  let gaveUp = false;
  let queue: Visit[] = [];
  let next: Visit[] = [];
  /**
   * Paths wait for their turn: first those with one failure of the outside world at most, then those with one other
   * expected throw, then those with more, then the unlikely.
   */
  const later: [Visit[], Visit[], Visit[]] = [[], [], []];
  let turn: 0 | 1 | 2 | 3 = 0;

  const enqueue = (visit: Visit): void => {
    const { node, state } = visit;
    const key = `${node.id}/${stateKey(state)}`;
    if (seen.has(key)) return;
    if (seen.size >= maxStates) {
      gaveUp = true;
      return;
    }
    seen.add(key);
    next.push(visit);
  };

  const enqueueAfter = (node: FlowNode, before: State, visit: Visit): void => {
    const isThrow = visit.edge === 'throw' && (isLive(before) || before.phase === 'released');
    const wanted = isThrow ? turnOf(node, before) : 0;
    if (wanted === undefined) return;
    if (wanted > turn) later[wanted - 1]?.push(visit);
    else enqueue(visit);
  };

  const turnOf = (node: FlowNode, before: State): typeof turn | undefined => {
    if (!isExpectedThrow(node) || (before.threw !== 'no' && isUndoing(node))) return 3;
    const failure = transitions.failureAt(node, before);
    if (failure === 'never') return undefined;
    if (failure === 'hardly') return 3;
    if (before.threw !== 'no') return 2;
    return failure === 'outside' || node.kind === 'throw' ? 0 : 1;
  };

  const leak = (visit: Visit, end: Leak['end']): void => {
    acquired = true;
    const { threw } = visit.state;
    const kind = threw === 'no' ? 'plain' : threw === 'yes' ? 'thrown' : 'gap';
    leaks[kind] ??= { end, unlikely: turn === 3, path: pathTo(visit) };
  };

  const step = (visit: Visit): void => {
    const { node, state } = visit;
    if (state.phase !== 'before') acquired = true;
    if (node === graph.halted) return;
    if (node === graph.exit || node === graph.thrown) {
      if (state.phase === 'before') return;
      if (node === graph.exit && state.returned) {
        handovers.set('returned', { ...handoverOf(node, state.returned), isOpen: isLive(state) });
      } else if (isLive(state)) leak(visit, 'exit');
      return;
    }
    const outcomes = node.edges.map((edge) => ({ edge, outcome: transitions.follow(node, edge.kind, state) }));
    const forced = outcomes.filter(({ outcome }) => outcome.kind !== 'infeasible').length === 1;
    for (const { edge, outcome } of outcomes) {
      if (outcome.kind === 'discharged') {
        discharges.add(node);
        if (state.threw === 'no') dischargedInOrder = true;
      } else if (outcome.kind === 'handed over') {
        handovers.set(`${outcome.handover.to}@${node.id}`, { ...outcome.handover, isOpen: isLive(state) });
      } else if (outcome.kind === 'misused') {
        const { call } = outcome.misuse;
        if (!misuses.has(call)) misuses.set(call, { ...outcome.misuse, unlikely: turn === 3, path: pathTo(visit) });
      } else if (outcome.kind === 'goes on') {
        for (const after of [outcome.state, ...(outcome.also ?? [])]) {
          const next = edge.kind === 'throw' ? thrownAt(node, after, state, isGap) : after;
          const way = { state: next, from: visit, edge: edge.kind, forced };
          if (isLost(next)) leak({ node, ...way }, 'lost');
          else enqueueAfter(node, state, { node: edge.to, ...way });
        }
      }
    }
  };

  enqueue({
    node: graph.entry,
    state: transitions.initial(emptyState),
    from: undefined,
    edge: undefined,
    forced: false,
  });
  const exhaust = (): void => {
    while (next.length > 0) {
      [queue, next] = [next, []];
      for (const visit of queue) step(visit);
    }
  };
  exhaust();
  for (turn of [1, 2, 3] as const) {
    for (const visit of later[turn - 1] ?? []) enqueue(visit);
    exhaust();
  }
  return {
    plain: leaks.plain,
    thrown: leaks.thrown,
    gap: leaks.gap,
    discharges,
    dischargedInOrder,
    handovers: [...handovers.values()],
    misuses: [...misuses.values()],
    uses: transitions.uses,
    tellings: transitions.tellings,
    acquired,
    gaveUp,
  };
}

function handoverOf(node: FlowNode, carry: Carry): Handover {
  const isCertain = carry.role !== 'result';
  return {
    to: isCertain ? 'caller' : 'callee',
    node,
    how: isCertain ? 'returned' : 'perhaps part of what is returned',
    carry: isCertain ? carry : undefined,
    calledBack: undefined,
    kept: undefined,
    isOpen: true,
  };
}

function thrownAt(node: FlowNode, after: State, before: State, isGap: (node: FlowNode) => boolean): State {
  if (!isLive(after) || !isLive(before) || after.threw === 'yes') return after;
  return { ...after, threw: isGap(node) ? 'gap' : 'yes' };
}

/** Nothing leads to the resource any more. */
function isLost(state: State): boolean {
  return isLive(state) && !state.returned && state.places.size === 0 && state.temps.size === 0;
}

function pathTo(end: Visit): readonly PathStep[] {
  const path: PathStep[] = [];
  let left: Pick<PathStep, 'edge' | 'forced'> = { edge: undefined, forced: false };
  for (let visit: Visit | undefined = end; visit; visit = visit.from) {
    path.unshift({ node: visit.node, state: visit.state, ...left });
    left = { edge: visit.edge, forced: visit.forced };
  }
  return path;
}

/**
 * The nodes from which some node of `targets` can be reached, without passing a node of `barriers` on the way, or
 * without anything that throws.
 */
export function canReach(
  graph: FlowGraph,
  targets: ReadonlySet<FlowNode>,
  barriers: ReadonlySet<FlowNode>,
  way: 'any' | 'in order' = 'any',
): ReadonlySet<FlowNode> {
  const predecessors = new Map<FlowNode, FlowNode[]>();
  for (const node of graph.nodes) {
    for (const { to, kind } of node.edges) {
      if (way === 'in order' && kind === 'throw') continue;
      const list = predecessors.get(to);
      if (list) list.push(node);
      else predecessors.set(to, [node]);
    }
  }
  const reached = new Set<FlowNode>();
  const pending = [...targets];
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const predecessor of predecessors.get(node) ?? []) {
      if (reached.has(predecessor)) continue;
      reached.add(predecessor);
      if (!barriers.has(predecessor)) pending.push(predecessor);
    }
  }
  return reached;
}
