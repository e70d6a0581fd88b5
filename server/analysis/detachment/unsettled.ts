import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Confidence } from '../finding.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  functionName,
  isAsync,
  isFunctionLiteral,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isOwnEvent } from './ownEvents.ts';
import { type MadePromise, type Settlement, settlementsOf } from './settling.ts';
import { waitsForOneEvent } from './soleEvent.ts';
import { type UnheardFailure, unheardFailure } from './unheardFailure.ts';
import { isUnrejectable, isUnrejectableChain } from './unrejectable.ts';

/** A promise that stays pending for ever when something goes wrong. */
export interface Unsettled {
  readonly promise: MadePromise;
  readonly confidence: Confidence;
  /** What has to happen so that nobody settles it. */
  readonly cause: Cause;
}

export type Cause =
  /** A failure that is handled without settling the promise. */
  | { readonly kind: 'swallowed'; readonly failure: ts.Node; readonly settled: Settlement }
  /** Its success settles the promise, its failure nobody hears of. */
  | ({ readonly kind: 'unheard' } & UnheardFailure)
  /** The only event that settles it never comes. */
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly object: string;
      readonly registration: ts.Node;
      readonly ignored: ts.Node | undefined;
    };

export function whyUnsettled(promise: MadePromise, unit: SourceUnit, semantics: Semantics): Unsettled | undefined {
  const settlements = settlementsOf(promise);
  if (settlements.length === 0) return undefined;
  const unheard = unheardFailure(promise, unit, semantics);
  if (unheard) return { promise, confidence: 'likely', cause: { kind: 'unheard', ...unheard } };
  const swallowed = swallowedFailure(promise, settlements, semantics);
  if (swallowed) {
    if (swallowed.kind === 'swallowed' && isChosen(swallowed.failure, settlements)) return undefined;
    const isDecided = swallowed.kind === 'swallowed' && isRejectedOnDemand(swallowed.failure, settlements);
    return { promise, confidence: isDecided ? 'possible' : 'proven', cause: swallowed };
  }
  const sole = waitsForOneEvent(promise, settlements, unit);
  if (sole && isOwnEvent(sole, unit, semantics)) return undefined;
  return sole && { promise, confidence: sole.ignored ? 'proven' : 'likely', cause: { kind: 'event', ...sole } };
}

/**
 * Follows the executor with everything that runs in it, and looks for a way to its end on which an error was noticed
 * but nothing settles the promise.
 */
function swallowedFailure(
  promise: MadePromise,
  settlements: readonly Settlement[],
  semantics: Semantics,
): Cause | undefined {
  const { executor, node: made } = promise;
  const graph = semantics.graphs.of(semantics.graphs.rootOf(made));
  if (graph.approximate || graph.inlined.get(executor) !== 'executor') return undefined;
  // What other code does with the means to settle it, nobody knows.
  if (settlements.some(({ closures }) => closures.some((it) => !runsOnce(graph.inlined.get(it))))) return undefined;
  if (settlements.some((it) => !it.call && !isHandler(it, graph.nodes))) return undefined;
  const calls = new Set<ts.Node>(settlements.map((it) => it.call ?? it.node));
  const start = graph.nodes.find(({ kind, syntax }) => kind === 'enter' && syntax === executor);
  if (!start) return undefined;
  const errors = errorNames(executor);
  const seen = new Set<string>();
  const pending: { readonly node: FlowNode; readonly failure: ts.Node | undefined }[] = [
    { node: start, failure: undefined },
  ];
  for (let visit = pending.shift(); visit; visit = pending.shift()) {
    const { node, failure } = visit;
    const key = `${node.id}/${failure ? 1 : 0}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (node.kind === 'leave' && node.syntax === executor) {
      const [settled] = settlements;
      if (failure && settled) return { kind: 'swallowed', failure, settled };
      continue;
    }
    if (!contains(executor, node.syntax) || node === graph.exit || node === graph.thrown) continue;
    if (calls.has(node.syntax) || (node.kind === 'evaluate' && passesOn(node.syntax, calls))) continue;
    if (node.test === 'next') return undefined;
    if (failure && endsProcess(node.syntax, semantics)) continue;
    for (const edge of node.edges) {
      if (edge.kind === 'throw' && node.kind !== 'settle' && node.kind !== 'evaluate' && node.kind !== 'throw')
        continue;
      if (edge.kind === 'throw' && node.kind === 'settle' && isQuietChain(node.syntax, semantics)) continue;
      const noticed =
        edge.kind === 'throw' ? node.syntax : edge.kind === 'true' && isError(node, errors) ? node.syntax : undefined;
      pending.push({ node: edge.to, failure: failure ?? noticed });
    }
  }
  return undefined;
}

/** `fatal(error)`, of which the end nobody waits for: when it is through, the process ends. */
function endsProcess(node: ts.Node, { graphs, targets }: Semantics): boolean {
  const fn = ts.isCallExpression(node) ? targets.resolve(node)?.function : undefined;
  if (!fn?.body || !isAsync(fn)) return false;
  const { nodes, exit, thrown } = graphs.of(graphs.rootOf(fn.body));
  return !nodes.includes(exit) && !nodes.includes(thrown);
}

/** A promise that nothing rejects, and what is chained to one. */
const isQuietChain = (node: ts.Node, semantics: Semantics): boolean =>
  ts.isExpression(node) && (isUnrejectable(node, semantics) || isUnrejectableChain(node, semantics));

function runsOnce(inlining: string | undefined): boolean {
  return inlining !== undefined && inlining !== 'each';
}

/** `.then(resolve, reject)`: part of the graph as a handler that is no literal. */
function isHandler({ node }: Settlement, nodes: readonly FlowNode[]): boolean {
  return nodes.some(({ syntax, inlining }) => syntax === node && inlining !== undefined);
}

/** `done(resolve)`: a call that gets the means to settle it, inside a literal or as they are. */
function passesOn(node: ts.Node, calls: ReadonlySet<ts.Node>): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return (node.arguments ?? []).some((argument) => calls.has(strip(argument)) || triesAgain(argument, calls));
}

/** `setTimeout(() => attempt(n + 1))` of the function around that settles the promise. */
function triesAgain(argument: ts.Expression, calls: ReadonlySet<ts.Node>): boolean {
  const fn = strip(argument);
  if (!isFunctionLiteral(fn)) return false;
  let found = false;
  walk(fn, (node) => {
    if (found || !ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    const { text } = node.expression;
    for (let current: ts.Node = fn; current.parent && !found; current = current.parent) {
      const around = current;
      found =
        ts.isFunctionLike(around) && functionName(around) === text && [...calls].some((it) => contains(around, it));
    }
  });
  return found;
}

/** The first parameters of callbacks: what they hold when something failed. */
function errorNames(executor: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(executor, (node) => {
    if (node === executor || !isFunctionLiteral(node)) return;
    const [first] = node.parameters;
    if (first && ts.isIdentifier(first.name) && /^_*(?:e|er|err|error|ex|\w*Err(?:or)?)\d*$/.test(first.name.text))
      names.add(first.name.text);
  });
  return names;
}

/**
 * `(error) => { if (isAbort(error)) return; reject(error); }`: whether what hears of a failure settles the promise, unless
 * it leaves before on purpose.
 */
function isChosen(failure: ts.Node, settlements: readonly Settlement[]): boolean {
  return settlements.some(({ node, by, closures: [handler] }) => {
    if (by !== 'reject' || !handler || !isFunctionLiteral(handler)) return false;
    const then = unstrip(handler).parent;
    if (!ts.isCallExpression(then) || !/^(?:then|catch)$/.test(calleeName(then)?.text ?? '')) return false;
    const isOfFailure = contains(then.expression, failure) || contains(failure, then);
    const isHandler = calleeName(then)?.text === 'catch' || then.arguments[1] === unstrip(handler);
    return isOfFailure && isHandler && leavesBefore(handler.body, node);
  });
}

function leavesBefore(body: ts.ConciseBody, node: ts.Node): boolean {
  return (
    ts.isBlock(body) &&
    body.statements.some(
      (it) => ts.isIfStatement(it) && it.end <= node.pos && some(it.thenStatement, ts.isReturnStatement),
    )
  );
}

/** `if (error) { if (options.strict) reject(error); }`: where an error is noticed, the code decides who hears of it. */
function isRejectedOnDemand(failure: ts.Node, settlements: readonly Settlement[]): boolean {
  let noticed: ts.Node = failure;
  while (ts.isPrefixUnaryExpression(noticed.parent) || ts.isParenthesizedExpression(noticed.parent))
    noticed = noticed.parent;
  const { parent } = noticed;
  if (!ts.isIfStatement(parent) || parent.expression !== noticed) return false;
  return settlements.some(({ node, by }) => {
    if (by !== 'reject' || !contains(parent, node)) return false;
    let asked = node.parent;
    while (asked !== parent && !ts.isIfStatement(asked)) asked = asked.parent;
    return asked !== parent && parent.elseStatement !== asked;
  });
}

function isError({ kind, test, syntax }: FlowNode, errors: ReadonlySet<string>): boolean {
  if (kind !== 'branch' || test !== 'truthy' || !ts.isExpression(syntax)) return false;
  const expression = strip(syntax);
  return ts.isIdentifier(expression) && errors.has(expression.text);
}
