import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isFunctionLiteral, unstrip } from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import { latchBetween } from './latches.ts';

/** At most this many calls between what a package offers and the code in question. */
const furthest = 4;

/**
 * The function or class of a package's own interface that runs the code: whoever uses the package may call it as often
 * as they like. `undefined` for applications, at module level, and behind a latch.
 */
export function offeredAround(semantics: Semantics, node: ts.Node, depth = 0): ts.Node | undefined {
  const root = enclosingRoot(node);
  if (depth > furthest || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return undefined;
  const entries = semantics.program.host.entries(root.getSourceFile().fileName);
  if (!entries || entries.length === 0) return undefined;
  for (let child = node; child !== root; child = child.parent) {
    if (latchBetween(semantics, child, child.parent, root)) return undefined;
  }
  if (isFunctionLiteral(root) && (takerOf(root) || isCalledAtOnce(root)))
    return offeredAround(semantics, unstrip(root).parent, depth + 1);
  const uses = semantics.references.usesOf(root);
  if (uses === 'unknown') return undefined;
  if (uses.exposed) return ts.isConstructorDeclaration(root) ? (root.parent.name ?? root) : (root.name ?? root);
  for (const { call, certain } of uses.calls) {
    const found = certain ? offeredAround(semantics, call, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}
