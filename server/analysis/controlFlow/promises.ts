import ts from 'typescript';
import { optionalChain } from './access.ts';
import { call, construct } from './calls.ts';
import { copyFor, raise, type Way } from './completions.ts';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import { calleeName, isOptionalChain, stripTransparent } from './syntax.ts';

/** How a promise whose making was built rejects. */
export interface PromiseOutcome {
  /** The ends on which inlined code behind the promise failed; the consumer says where they go on. */
  readonly rejections: readonly End[];
  /** Nothing but `rejections` can make it reject: an `await` of it has no further reason to throw. */
  readonly settled: boolean;
}

export const noRejections: PromiseOutcome = { rejections: [], settled: false };

/**
 * Builds an expression whose promise a consumer takes, and leaves the rejections to that consumer. With `rejecting`
 * the call that makes the promise is taken to reject instead of throwing.
 */
export function promise(flow: Flow, node: ts.Expression, rejecting = false): PromiseOutcome {
  const inner = stripTransparent(node);
  if (!flow.reachable) return noRejections;
  if (isOptionalChain(inner)) {
    const short: End[] = [];
    const outcome = optionalChain(flow, inner, short, rejecting);
    flow.merge(short);
    return outcome;
  }
  if (ts.isCallExpression(inner)) return call(flow, inner, [], rejecting);
  if (ts.isNewExpression(inner)) return construct(flow, inner);
  visit(flow, inner);
  return noRejections;
}

/** Builds an expression that may be a promise, and says where its rejections go. */
export function visitPromise(flow: Flow, node: ts.Expression, floating: boolean): void {
  const { rejections } = promise(flow, node);
  if (floating) flow.connect(rejections, flow.thrown);
  else raise(flow, rejections);
}

export type Combinator = 'all' | 'race' | 'any' | 'allSettled';

/** Which of the functions of `Promise` that wait for several promises a call is. */
export function combinator(node: ts.CallExpression): Combinator | undefined {
  const callee = calleeName(node.expression);
  if (callee?.receiver !== 'Promise') return undefined;
  const { name } = callee;
  return name === 'all' || name === 'race' || name === 'any' || name === 'allSettled' ? name : undefined;
}

/**
 * Builds the arguments of a combinator and collects how the promises among them reject. A rejection does not keep the
 * promises to its right from being made: on its way they are built once more. `allSettled` turns it into a value.
 */
export function combined(flow: Flow, node: ts.CallExpression, kind: Combinator): readonly End[] {
  let rejected: End[] = [];
  for (const element of node.arguments.flatMap(combinedElements)) {
    const rejections: End[] = [];
    let goesOn: readonly End[] = [];
    const ways: Way[] = [
      {
        ends: flow.take(),
        goOn(ends) {
          goesOn = ends;
        },
      },
      { ends: rejected, goOn: (ends) => rejections.push(...ends) },
    ];
    copyFor(flow, ways, () => rejections.push(...promise(flow, element).rejections));
    flow.current = [...goesOn];
    rejected = rejections;
    if (kind !== 'allSettled') continue;
    flow.merge(rejected);
    rejected = [];
  }
  return rejected;
}

function combinedElements(argument: ts.Expression): readonly ts.Expression[] {
  const list = stripTransparent(argument);
  const elements = ts.isArrayLiteralExpression(list) ? list.elements : [list];
  return elements.map((element) => (ts.isSpreadElement(element) ? element.expression : element));
}
