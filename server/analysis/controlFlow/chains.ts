import ts from 'typescript';
import { cut, optionalChain } from './access.ts';
import { copyFor } from './completions.ts';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import type { FlowPolicy, Inlining } from './graph.ts';
import { inline } from './inline.ts';
import { type PromiseOutcome, promise } from './promises.ts';
import { calleeName, type FunctionLiteral, functionLiteral, isOptionalChain, stripTransparent } from './syntax.ts';

/** What a chain does at one of its links; a missing handler lets the outcome pass. */
type Handler =
  | { readonly literal: FunctionLiteral; readonly inlining: Inlining }
  | { readonly reference: ts.Expression; readonly inlining: Inlining };

/** One `.then(…)`, `.catch(…)` or `.finally(…)`. */
interface Link {
  readonly call: ts.CallExpression;
  readonly access: ts.PropertyAccessExpression;
  readonly onFulfilled?: Handler;
  readonly onRejected?: Handler;
  readonly onFinally?: Handler;
}

/**
 * The links of the promise chain that ends in `node`, first to last; `undefined` when `node` is no such call. Calls of
 * the same name whose arguments cannot be handlers (`schema.catch('')`) are calls like any other.
 */
export function chainLinks(policy: FlowPolicy, node: ts.CallExpression): readonly Link[] | undefined {
  const links: Link[] = [];
  let next: ts.Expression = node;
  while (ts.isCallExpression(next)) {
    const link = linkOf(policy, next);
    if (link === undefined) break;
    links.unshift(link);
    next = stripTransparent(link.access.expression);
  }
  return links.length > 0 ? links : undefined;
}

function linkOf(policy: FlowPolicy, call: ts.CallExpression): Link | undefined {
  const access = call.expression;
  if (!ts.isPropertyAccessExpression(access) || call.questionDotToken !== undefined) return undefined;
  const [first, second] = call.arguments;
  switch (access.name.text) {
    case 'then': {
      if (first === undefined || call.arguments.length > 2) return undefined;
      const onFulfilled = handlerOf(policy, call, first, 'then');
      const onRejected = second && handlerOf(policy, call, second, 'rejected');
      if (onFulfilled === undefined || (second && onRejected === undefined)) return undefined;
      return { call, access, ...(onFulfilled && { onFulfilled }), ...(onRejected && { onRejected }) };
    }
    case 'catch':
    case 'finally': {
      if (first === undefined || second !== undefined) return undefined;
      const inlining = access.name.text;
      const handler = handlerOf(policy, call, first, inlining);
      if (handler === undefined) return undefined;
      if (handler === null) return { call, access };
      return inlining === 'catch' ? { call, access, onRejected: handler } : { call, access, onFinally: handler };
    }
    default:
      return undefined;
  }
}

/** `null` for an argument that means no handler, `undefined` for one that cannot be a handler. */
function handlerOf(
  policy: FlowPolicy,
  call: ts.CallExpression,
  argument: ts.Expression,
  inlining: Inlining,
): Handler | null | undefined {
  const literal = functionLiteral(argument);
  if (literal) {
    const wanted = literal.asteriskToken ? undefined : policy.inlining(call, literal);
    return wanted && { literal, inlining: wanted };
  }
  const value = stripTransparent(argument);
  if (value.kind === ts.SyntaxKind.NullKeyword || isUndefined(value)) return null;
  return mayBeFunction(value) ? { reference: value, inlining } : undefined;
}

function isUndefined(value: ts.Expression): boolean {
  return (ts.isIdentifier(value) && value.text === 'undefined') || ts.isVoidExpression(value);
}

function mayBeFunction(value: ts.Expression): boolean {
  return (
    ts.isIdentifier(value) ||
    ts.isPropertyAccessExpression(value) ||
    ts.isElementAccessExpression(value) ||
    ts.isCallExpression(value) ||
    ts.isConditionalExpression(value) ||
    ts.isBinaryExpression(value) ||
    ts.isAwaitExpression(value)
  );
}

/** Where a chain stands between two links. */
interface Standing {
  fulfilled: End[];
  rejected: End[];
}

/**
 * Builds a promise chain as if its handlers ran in the place where they are written: what waits for the promise first,
 * then every handler on the ways that reach it. Ends with fulfilment; the consumer of the chain takes the rejections.
 */
export function visitPromiseChain(flow: Flow, links: readonly Link[], short: End[]): PromiseOutcome {
  const [first] = links;
  if (first === undefined || !flow.reachable) return { rejections: [], settled: true };
  const base = first.access.expression;
  const outcome = isOptionalChain(base) ? optionalChain(flow, base, short, true) : promise(flow, base, true);
  cut(flow, first.access, short);
  for (const link of links) visitHandlerValues(flow, link);

  const standing: Standing = { fulfilled: [], rejected: [...outcome.rejections] };
  // A promise that can only reject still reaches the handlers for that.
  if (flow.reachable) {
    const settle = flow.add('settle', first.call);
    standing.fulfilled = flow.take();
    if (!outcome.settled && !isResolved(base)) standing.rejected.push({ node: settle, kind: 'throw' });
  }
  for (const link of links) follow(flow, link, standing);
  flow.current = standing.fulfilled;
  return { rejections: standing.rejected, settled: absorbsRejections(links) };
}

/** `Promise.resolve()` has nothing to reject with. */
function isResolved(base: ts.Expression): boolean {
  const call = stripTransparent(base);
  if (!ts.isCallExpression(call) || call.arguments.length > 0) return false;
  const callee = calleeName(call.expression);
  return callee?.receiver === 'Promise' && callee.name === 'resolve';
}

/** Handlers that are no literals are values like other arguments: evaluated before anything settles. */
function visitHandlerValues(flow: Flow, link: Link): void {
  for (const argument of link.call.arguments) if (!functionLiteral(argument)) visit(flow, argument);
}

function follow(flow: Flow, link: Link, standing: Standing): void {
  const { fulfilled, rejected } = standing;
  const failures: End[] = [];
  if (link.onFinally) {
    const handler = link.onFinally;
    standing.fulfilled = [];
    copyFor(
      flow,
      [
        { ends: fulfilled, goOn: (ends) => standing.fulfilled.push(...ends) },
        { ends: rejected, finallyFor: 'throw', goOn: (ends) => failures.push(...ends) },
      ],
      () => runHandler(flow, link.call, handler, failures),
    );
  } else {
    standing.fulfilled = handled(flow, link.call, link.onFulfilled, fulfilled, failures);
    if (link.onRejected) standing.fulfilled.push(...handled(flow, link.call, link.onRejected, rejected, failures));
    else failures.push(...rejected);
  }
  standing.rejected = failures;
}

function handled(
  flow: Flow,
  call: ts.CallExpression,
  handler: Handler | undefined,
  ends: readonly End[],
  failures: End[],
): End[] {
  flow.current = [...ends];
  if (handler && flow.reachable) runHandler(flow, call, handler, failures);
  return flow.take();
}

function runHandler(flow: Flow, call: ts.CallExpression, handler: Handler, failures: End[]): void {
  const { inlining } = handler;
  if ('literal' in handler) {
    inline(flow, handler.literal, inlining, call, (throws) => failures.push(...throws));
    return;
  }
  const node = flow.add('evaluate', handler.reference, { inlining, call });
  if (flow.policy.mayThrow(handler.reference)) failures.push({ node, kind: 'throw' });
}

/** Whether a rejection from the left is caught and nothing behind the last catch makes a new promise. */
function absorbsRejections(links: readonly Link[]): boolean {
  const last = links.findLast((link) => link.onFulfilled || link.onRejected);
  return last?.onRejected !== undefined;
}
