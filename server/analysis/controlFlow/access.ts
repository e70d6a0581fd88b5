import ts from 'typescript';
import { call } from './calls.ts';
import { raise } from './completions.ts';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import { noRejections, type PromiseOutcome } from './promises.ts';
import { isOptionalChain, stripTransparent } from './syntax.ts';

/**
 * Builds a property access or call that a `?.` can cut short. The ends of the cut go to `short`: only the caller knows
 * where the whole chain ends. Tells how the value rejects when it is a promise.
 */
export function optionalChain(flow: Flow, node: ts.Expression, short: End[], rejecting = false): PromiseOutcome {
  if (ts.isCallExpression(node)) return call(flow, node, short, rejecting);
  if (ts.isNonNullExpression(node)) return optionalChain(flow, node.expression, short, rejecting);
  member(flow, node, short);
  return noRejections;
}

/** Builds what a property access evaluates; reading the property itself is no operation. */
export function member(flow: Flow, node: ts.Expression, short: End[]): void {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) {
    operand(flow, node, short);
    return;
  }
  operand(flow, node.expression, short);
  cut(flow, node, short);
  if (ts.isElementAccessExpression(node)) visit(flow, node.argumentExpression);
}

/** The `?.` of a link, if it has one: a nullish value on its left ends the chain. */
export function cut(
  flow: Flow,
  link: ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression,
  short: End[],
): void {
  if (link.questionDotToken === undefined || !flow.reachable) return;
  const { yes, no } = flow.branch(stripTransparent(link.expression), 'nullish');
  short.push(...yes);
  flow.current = no;
}

function operand(flow: Flow, node: ts.Expression, short: End[]): void {
  if (isOptionalChain(node)) raise(flow, optionalChain(flow, node, short).rejections);
  else visit(flow, node);
}
