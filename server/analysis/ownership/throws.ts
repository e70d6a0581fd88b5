import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import { isReturned, receiver } from '../syntax/tree.ts';

/**
 * Whether a throw at the node is something to reckon with: what waits for the outside world fails sooner or later, and
 * a `throw` is written to happen. Any other call may throw, but hardly anybody has seen it do so.
 */
export function isExpectedThrow({ kind, syntax }: FlowNode): boolean {
  if (kind !== 'evaluate') return true;
  if (ts.isAwaitExpression(syntax) || ts.isYieldExpression(syntax)) return true;
  if (ts.isCallExpression(syntax) && isReturned(syntax)) return true;
  const owner = ts.isCallExpression(syntax) ? receiver(syntax) : undefined;
  return owner !== undefined && ts.isIdentifier(owner) && owner.text === 'JSON';
}
