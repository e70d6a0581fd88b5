import ts from 'typescript';
import { isScriptMain } from '../contexts/script.ts';
import type { Edge, FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import { isExpectedThrow } from '../ownership/throws.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isAsync,
  isFunctionLiteral,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { custodyOf } from './detachment.ts';
import { FiredTests } from './firedTests.ts';
import type { Handle } from './handles.ts';
import { callbackLiteral, type Timer } from './timers.ts';
import { isUnrejectable, isUnrejectableChain } from './unrejectable.ts';

/** A path on which a timer that other paths clear goes on running. */
export interface MissedClear {
  /** What throws on the path, if anything does. */
  readonly thrower: FlowNode | undefined;
  /** The statement that leaves, or the function when the path runs off its end. */
  readonly exit: ts.Node;
}

interface Visit {
  readonly node: FlowNode;
  readonly thrower: FlowNode | undefined;
  readonly leaving: ts.Node | undefined;
}

interface Searched {
  readonly timer: Timer;
  readonly handle: Handle;
  readonly semantics: Semantics;
}

const maxVisits = 20_000;

/**
 * The shortest path from the start of a timer to an end of its function on which nothing clears it, where another path
 * does. A closure that clears it counts as clearing: whoever made it arranged for that.
 */
export function missedClear(
  timer: Timer,
  handle: Handle,
  unit: SourceUnit,
  semantics: Semantics,
): MissedClear | undefined {
  const root = semantics.graphs.rootOf(timer.call);
  const graph = semantics.graphs.of(root);
  if (graph.approximate || endsItself(timer, handle)) return undefined;
  const conditions = conditionsOf(timer.call, root);
  const fired = new FiredTests(timer);
  const feasible = (node: FlowNode, edge: Edge): boolean =>
    isFeasible(node, edge, handle, conditions) && !fired.shows(node, edge);
  const found = search(graph, { timer, handle, semantics }, feasible);
  if (!found || (found.thrower && (isScriptMain(unit, root) || isWatchdog(timer, semantics)))) return undefined;
  return { thrower: found.thrower, exit: found.leaving ?? (root as ts.Node) };
}

/** `setInterval(() => { if (!this.started) clearInterval(timer); … })`: it looks by itself whether it is needed. */
function endsItself(timer: Timer, handle: Handle): boolean {
  const own = timer.kind === 'interval' ? callbackLiteral(timer) : undefined;
  return own !== undefined && handle.isClearedIn(own);
}

/** A timer that ends the process is there for work that fails, too: nothing else would end it. */
function isWatchdog(timer: Timer, semantics: Semantics): boolean {
  // One that a function of the project starts and hands out has its callback there.
  const body =
    callbackLiteral(timer)?.body ??
    (timer.callback ? undefined : semantics.targets.resolve(timer.call)?.function?.body);
  return (
    body !== undefined &&
    some(body, (node) => ts.isCallExpression(node) && /^process\.(?:exit|abort|kill)$/.test(node.expression.getText()))
  );
}

function search(
  graph: FlowGraph,
  { timer, handle, semantics }: Searched,
  feasible: (node: FlowNode, edge: Edge) => boolean,
): Visit | undefined {
  const own = callbackLiteral(timer);
  const seen = new Set<FlowNode>();
  let cleared = false;
  let leak: Visit | undefined;
  let queue: Visit[] = graph.nodes
    .filter(({ kind, syntax }) => kind === 'evaluate' && syntax === timer.call)
    .map((node) => ({ node, thrower: undefined, leaving: undefined }));
  for (const { node } of queue) seen.add(node);
  // Paths without a throw come first: they are the stronger evidence.
  const later: Visit[] = [];
  const step = (visit: Visit, next: Visit[]): void => {
    const { node } = visit;
    if (node === graph.halted) return;
    if (node === graph.exit || node === graph.thrown) {
      leak ??= visit;
      return;
    }
    if (node.syntax !== timer.call && clears(node, handle, own)) {
      // One that comes before it in the text clears the timer of the turn before.
      if (node.syntax.pos > timer.call.pos) cleared = true;
      return;
    }
    const leaving = node.kind === 'return' && !node.inlined ? node.syntax : visit.leaving;
    for (const edge of node.edges) {
      const isThrow = edge.kind === 'throw';
      // Whoever runs a plain generator as a task never leaves it in the middle.
      if (edge.kind === 'return' && !isAsync(enclosingRoot(node.syntax))) continue;
      if (!feasible(node, edge) || (isThrow && (node.syntax === timer.call || !isLikelyThrow(node, semantics))))
        continue;
      if (isThrow && node.kind === 'evaluate' && isOfDroppedChain(node.syntax, timer)) continue;
      // What fails while a failure is handled takes two of them: nobody counts on that.
      if (isThrow && visit.thrower && node.kind !== 'leave' && node.kind !== 'throw') continue;
      const thrower = visit.thrower ?? (isThrow && node.kind !== 'leave' ? node : undefined);
      // A callback passes on what was thrown in it: of a rejection that nobody can name nothing is said.
      if (node.kind === 'leave' && !thrower && (isThrow || edge.to === graph.thrown)) continue;
      const after = { node: edge.to, thrower, leaving };
      if (edge.kind === 'throw') later.push(after);
      else if (!seen.has(edge.to)) {
        seen.add(edge.to);
        next.push(after);
      }
    }
  };
  const exhaust = (): void => {
    while (queue.length > 0 && seen.size < maxVisits) {
      const next: Visit[] = [];
      for (const visit of queue) step(visit, next);
      queue = next;
    }
  };
  exhaust();
  for (let visit = later.shift(); visit; visit = later.shift()) {
    if (seen.has(visit.node)) continue;
    seen.add(visit.node);
    queue = [visit];
    exhaust();
  }
  return cleared ? leak : undefined;
}

/** Throws that are worth a report: of what is awaited, and those that are written down. */
function isLikelyThrow(node: FlowNode, semantics: Semantics): boolean {
  // The step of a `for await`.
  if (node.kind === 'evaluate' && ts.isForOfStatement(node.syntax)) return true;
  if (!isExpectedThrow(node)) return false;
  const { syntax, kind } = node;
  // What is kept throws where it is awaited.
  const isKept = ts.isVariableDeclaration(unstrip(syntax as ts.Expression).parent);
  if (kind === 'settle')
    return !isKept && !ts.isExpressionStatement(syntax.parent) && !isUnrejectableChain(syntax, semantics);
  if (ts.isCallExpression(syntax) && isLinked(syntax)) return false;
  if (ts.isCallExpression(syntax)) return !/^JSON\s*\.\s*stringify$/.test(syntax.expression.getText());
  const awaited = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : undefined;
  return !awaited || !isUnrejectable(awaited, semantics);
}

/** `work().then(() => step());` of which nobody waits for the end: what its handlers throw ends nothing but the chain. */
function isOfDroppedChain(node: ts.Node, timer: Timer): boolean {
  const handler = enclosingRoot(node);
  if (!isFunctionLiteral(handler) || contains(handler, timer.call)) return false;
  const { parent } = unstrip(handler);
  const isLink = ts.isCallExpression(parent) && /^(?:then|catch|finally)$/.test(calleeName(parent)?.text ?? '');
  return isLink && custodyOf(parent).kind === 'detached';
}

/** `once(socket, 'close').then(…)`: what makes a promise says by it that it failed. */
function isLinked(call: ts.CallExpression): boolean {
  const isLink = (it: ts.Node): boolean =>
    ts.isPropertyAccessExpression(it) &&
    /^(?:then|catch|finally)$/.test(it.name.text) &&
    ts.isCallExpression(it.parent);
  return isLink(unstrip(call).parent) || isLink(strip(call.expression));
}

function clears({ kind, syntax }: FlowNode, handle: Handle, own: ts.Node | undefined): boolean {
  if (kind === 'closure') return syntax !== own && handle.isClearedIn(syntax);
  if (kind !== 'evaluate') return false;
  // A handler that is no literal: `.finally(cleanup)`.
  if (ts.isIdentifier(syntax) || ts.isPropertyAccessExpression(syntax)) return mentionsCleaner(syntax, handle);
  if (!ts.isCallExpression(syntax) && !ts.isNewExpression(syntax)) return false;
  if (handle.isClearedBy(syntax)) return true;
  return (syntax.arguments ?? []).some((argument) => mentionsCleaner(argument, handle));
}

/** `signal.addEventListener('abort', cleanup)`: a function by name that clears it. */
function mentionsCleaner(node: ts.Expression, handle: Handle): boolean {
  const expression = strip(node);
  if (!ts.isIdentifier(expression)) return false;
  const fn = handle.functionNamed(expression);
  return fn !== undefined && handle.isClearedIn(fn);
}

export type Condition = { readonly text: string; readonly holds: boolean };

/** What was decided on the way to the node: later tests of the same expression come out the same. */
export function conditionsOf(node: ts.Node, root: ts.Node): readonly Condition[] {
  const found: Condition[] = [];
  for (let current = node; current !== root && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isIfStatement(parent) && parent.expression !== current)
      found.push({ text: parent.expression.getText(), holds: parent.thenStatement === current });
    else if (ts.isConditionalExpression(parent) && parent.condition !== current)
      found.push({ text: parent.condition.getText(), holds: parent.whenTrue === current });
    else if (ts.isBinaryExpression(parent) && parent.right === current) {
      const { kind } = parent.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) found.push({ text: parent.left.getText(), holds: true });
    }
  }
  return found;
}

/** Whether a branch can go this way while the timer runs. */
export function isFeasible(node: FlowNode, edge: Edge, handle: Handle, conditions: readonly Condition[]): boolean {
  if (node.kind !== 'branch' || (edge.kind !== 'true' && edge.kind !== 'false') || !ts.isExpression(node.syntax))
    return true;
  const taken = edge.kind === 'true';
  const present = isPresence(node, handle);
  if (present !== undefined) return taken === present;
  if (node.test === 'nullish' && taken && isOfClear(node.syntax, handle)) return false;
  if (node.test !== 'truthy') return true;
  const text = node.syntax.getText();
  return conditions.every((condition) => condition.text !== text || condition.holds === taken);
}

/** `pending[id]?.done.then(() => clearTimeout(timer))`: whoever writes it so knows that there is something to wait for. */
function isOfClear(tested: ts.Node, handle: Handle): boolean {
  let chain = tested;
  while (ts.isOptionalChain(chain.parent) && chain.parent.expression === chain) chain = chain.parent;
  return chain !== tested && handle.clears.some(({ node }) => contains(chain, node));
}

/** Which way a test of the handle goes while the timer runs; `undefined` when it tests something else. */
function isPresence({ syntax, test }: FlowNode, handle: Handle): boolean | undefined {
  const expression = strip(syntax as ts.Expression);
  if (handle.is(expression)) return test === 'truthy' ? true : test === 'nullish' ? false : undefined;
  if (ts.isPrefixUnaryExpression(expression) && handle.is(expression.operand)) return false;
  if (!ts.isBinaryExpression(expression)) return undefined;
  // `typeof timer !== 'undefined'`
  const asked = ts.isTypeOfExpression(expression.left) ? expression.left.expression : expression.left;
  if (asked !== expression.left && !/^['"]undefined['"]$/.test(expression.right.getText())) return undefined;
  if (!handle.is(asked) && !handle.is(expression.right)) return undefined;
  switch (expression.operatorToken.kind) {
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return true;
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return false;
    default:
      return undefined;
  }
}
