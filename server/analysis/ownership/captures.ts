import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { isAssignment, isRoot, strip, walk } from '../syntax/tree.ts';
import type { State } from './state.ts';
import { placeOf } from './values.ts';

/**
 * What a function does with a resource that it closes over: releases it, lets it go somewhere else, only uses it, or
 * does not mention it.
 */
export type Capture = 'releases' | 'escapes' | 'uses' | 'none';

const rank: Readonly<Record<Capture, number>> = { none: 0, uses: 1, escapes: 2, releases: 3 };

/** Answers the questions about calls inside a closure that only the engine can answer. */
export interface CaptureContext {
  readonly program: Program;
  /** Whether the call releases the resource that `mention` stands for. */
  releases(call: ts.CallExpression, mention: ts.Expression): boolean;
  /** What passing the mention as an argument means. */
  passes(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): Capture;
}

/** Classifies a closure by every mention of a place that carries the resource. */
export function captureOf(context: CaptureContext, node: ts.FunctionLikeDeclaration, state: State): Capture {
  if (!node.body || state.places.size === 0) return 'none';
  let strongest: Capture = 'none';
  walk(node.body, (inner) => {
    if (strongest === 'releases' || !isMention(inner)) return;
    const place = placeOf(context.program, inner);
    const carry = place === undefined ? undefined : state.places.get(place);
    if (!carry) return;
    const found = carry.role === 'releaser' ? releaserMention(inner) : mention(context, inner);
    if (rank[found] > rank[strongest]) strongest = found;
  });
  return strongest;
}

function isMention(node: ts.Node): node is ts.Expression {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
}

/** A releaser that is called, or handed to somebody who will call it. */
function releaserMention(node: ts.Expression): Capture {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return 'releases';
  return ts.isExpressionStatement(parent) ? 'uses' : 'escapes';
}

function mention(context: CaptureContext, node: ts.Expression): Capture {
  let current: ts.Node = node;
  while (strip(current.parent as ts.Expression) === node) current = current.parent;
  const { parent } = current;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === current) {
    const call = parent.parent;
    if (ts.isCallExpression(call) && call.expression === parent)
      return context.releases(call, node) ? 'releases' : 'uses';
    // `stream.on('end', client.release)`: the method travels alone.
    return ts.isCallExpression(call) && call.arguments.includes(parent) ? 'escapes' : 'uses';
  }
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    if (parent.expression === current)
      return ts.isCallExpression(parent) && context.releases(parent, node) ? 'releases' : 'uses';
    if (ts.isCallExpression(parent) && context.releases(parent, node)) return 'releases';
    return context.passes(parent, node);
  }
  const goesOn =
    ts.isReturnStatement(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isYieldExpression(parent) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === current) ||
    (ts.isBinaryExpression(parent) && parent.right === current && isAssignment(parent.operatorToken.kind)) ||
    (isRoot(parent) && ts.isArrowFunction(parent) && parent.body === current);
  return goesOn ? 'escapes' : 'uses';
}
