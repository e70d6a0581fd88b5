import ts from 'typescript';
import type { FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import type { Span, WitnessStep } from '../finding.ts';
import { calleeName, shortText, strip } from '../syntax/tree.ts';
import { canReach, type Exploration, type Leak, type PathStep } from './explore.ts';
import type { SolvedObligation } from './ownership.ts';

/** How a leaking path ends, for messages: "when `rows.length === 0`". */
export interface Witness {
  readonly steps: readonly WitnessStep[];
  /** What makes the path happen, as the end of a sentence; empty when nothing special does. */
  readonly when: string;
}

/** Turns a leaking path into labelled steps: the acquisition, what throws or branches, and the exit. */
export function witnessOf(
  { obligation, root, graph, exploration }: SolvedObligation,
  leak: Leak,
  path: string,
): Witness {
  const { site, through } = obligation;
  const steps: WitnessStep[] = [];
  const add = (span: Span, label: string): void => void steps.push({ path, span, label });
  add(acquisitionSpan(site), through === undefined ? 'acquired here' : `acquired here, through \`${through}\``);
  const held = leak.path.filter(({ state }) => state.phase !== 'before');
  const mistaken = held.at(-1)?.state.mistaken;
  if (mistaken)
    add(lineSpan(mistaken), `\`${shortText(mistaken, 40)}\` ${becauseOf(obligation.release.wrong, mistaken)}`);

  const throwers = held.filter((step) => step.edge === 'throw' && step.node.kind !== 'leave');
  const final = held.at(-1)?.node.kind === 'thrown' ? throwers.pop() : undefined;
  const calls = throwers.filter((step) => step.node.kind !== 'throw');
  for (const { node } of calls) add(lineSpan(node.syntax), `${described(node)} throws`);
  if (leak.end === 'lost') {
    const last = held.at(-1)?.node as FlowNode;
    const dropped = isSite(last, site) || !last.syntax.parent || !isAssignment(last);
    add(
      lineSpan(dropped ? site : last.syntax),
      dropped ? 'dropped here: nothing keeps it' : 'its last name gets another value here',
    );
    return { steps, when: calls.map(({ node }) => `when ${described(node)} throws`).join(', and then ') };
  }
  const exit = exitOf(held, root, final);
  // A mistaken release is reason enough, unless it gives something else back than what the duty is about.
  const explains = mistaken !== undefined && obligation.acquisition.duty !== 'transaction';
  const branch =
    calls.length === 0 && !explains && exit.reason === undefined
      ? (parting(held, graph, exploration) ?? decisive(held))
      : undefined;
  if (branch && exit.span.start !== branch.node.syntax.getStart())
    add(lineSpan(branch.node.syntax), conditionText(branch));
  add(exit.span, `leaves here ${exit.reason ?? exit.how}`);
  const reasons = [...calls.map(({ node }) => `when ${described(node)} throws`), exit.reason].filter(
    (r) => r !== undefined,
  );
  return { steps, when: reasons.join(', and then ') || (branch ? conditionText(branch) : '') };
}

/** The token of the acquiring call: always on one line. */
export function acquisitionSpan(site: ts.CallExpression | ts.NewExpression): Span {
  const callee = strip(site.expression);
  // `db.transaction(options)()`
  const name = calleeName(ts.isCallExpression(callee) ? callee : site) ?? site.expression;
  return lineSpan(name);
}

interface Exit {
  readonly span: Span;
  readonly how: string;
  /** What makes the path leave at just this place: the call that throws there. */
  readonly reason: string | undefined;
}

function exitOf(held: readonly PathStep[], root: ts.Node, thrower: PathStep | undefined): Exit {
  const body = (root as ts.FunctionLikeDeclaration).body ?? root;
  if (thrower) {
    const reason = thrower.node.kind === 'throw' ? undefined : `when ${described(thrower.node)} throws`;
    return { span: lineSpan(thrower.node.syntax), how: 'by throwing', reason };
  }
  const leaving = held.findLast((step, index) => isLeaving(step.node) && held.slice(index + 1).every(isOnTheWayOut));
  if (leaving && leaving.node.kind !== 'leave')
    return { span: lineSpan(leaving.node.syntax), how: 'without a release', reason: undefined };
  const end = leaving?.node.syntax.end ?? body.end;
  return { span: { start: Math.max(end - 1, 0), end }, how: 'without a release', reason: undefined };
}

const isLeaving = ({ kind }: FlowNode): boolean =>
  kind === 'return' || kind === 'continue' || kind === 'break' || kind === 'leave';

/** Nothing more is decided: joins, finally blocks, the loop that has no next element. */
function isOnTheWayOut({ node }: PathStep): boolean {
  return (
    node.kind === 'join' ||
    node.kind === 'exit' ||
    node.kind === 'leave' ||
    node.finallyFor !== undefined ||
    node.test === 'next'
  );
}

/** The branch from which on nobody takes or gives back the resource any more, while on its other way somebody does. */
function parting(held: readonly PathStep[], graph: FlowGraph, exploration: Exploration): PathStep | undefined {
  const ends = new Set([...exploration.discharges, ...exploration.handovers.map(({ node }) => node)]);
  if (ends.size === 0) return undefined;
  const leading = canReach(graph, ends, new Set(), 'in order');
  const leads = (node: FlowNode): boolean => leading.has(node) || ends.has(node);
  return held.find(({ node: { kind, test, edges }, edge, forced }) => {
    if (kind !== 'branch' || edge === undefined || forced || test === 'next') return false;
    return edges.every(({ kind: way, to }) => leads(to) === (way !== edge));
  });
}

/** The last branch on the path that could have gone the other way: what the code asked before it left. */
function decisive(held: readonly PathStep[]): PathStep | undefined {
  return held.findLast(
    ({ node, edge, forced }) => node.kind === 'branch' && edge !== undefined && !forced && node.test !== 'next',
  );
}

function conditionText({ node, edge }: PathStep): string {
  const text = `\`${shortText(strip(node.syntax as ts.Expression), 50)}\``;
  if (node.test === 'case') return edge === 'true' ? `in this case` : `when no case matches`;
  if (node.test === 'nullish' || node.test === 'undefined') {
    return edge === 'true' ? `when ${text} is missing` : `when ${text} is there`;
  }
  if (edge === 'true') return `when ${text}${isComparison(node) ? '' : ' is truthy'}`;
  return isComparison(node) ? `unless ${text}` : `when ${text} is falsy`;
}

function isComparison({ syntax }: FlowNode): boolean {
  return ts.isBinaryExpression(strip(syntax as ts.Expression));
}

/** The call or statement, as messages name it. */
export function described({ syntax }: FlowNode): string {
  let inner = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  if (ts.isConditionalExpression(inner)) inner = strip(inner.whenTrue);
  if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) {
    const callee = calleeText(inner.expression);
    return `\`${ts.isNewExpression(inner) ? 'new ' : ''}${callee}(…)\``;
  }
  if (ts.isThrowStatement(syntax)) return `\`${shortText(syntax, 40)}\``;
  return `\`${shortText(inner, 40)}\``;
}

/** `trx.insert(…).into(…).returning`: the callee without arguments and line breaks. */
function calleeText(node: ts.Expression): string {
  const text = (part: ts.Expression): string => {
    if (ts.isCallExpression(part)) return `${text(part.expression)}(…)`;
    if (ts.isPropertyAccessExpression(part)) return `${text(part.expression)}.${part.name.text}`;
    return part.getText();
  };
  const whole = text(node).replace(/\s+/g, ' ');
  return whole.length > 40 ? `${whole.slice(0, 39)}…` : whole;
}

function becauseOf(
  wrong: readonly { readonly name: string; readonly because: string }[],
  call: ts.CallExpression,
): string {
  const name = calleeName(call)?.text;
  return wrong.find((w) => w.name === name)?.because ?? 'is not a release';
}

const isAssignment = ({ syntax }: FlowNode): boolean =>
  ts.isBinaryExpression(syntax) || ts.isVariableDeclaration(syntax);

const isSite = (node: FlowNode, site: ts.Node): boolean => node.syntax === site || node.syntax === site.parent;

/** The node's own range, cut at the end of its first line. */
export function lineSpan(node: ts.Node): Span {
  const start = node.getStart();
  const text = node.getSourceFile().text;
  const stop = text.slice(start, node.end).search(/[\r\n]/);
  return { start, end: stop < 0 ? node.end : start + stop };
}
