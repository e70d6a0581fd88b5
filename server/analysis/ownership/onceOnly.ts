import ts from 'typescript';
import { knownCallsOf } from '../contexts/knownCalls.ts';
import { latchBetween } from '../contexts/latches.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isAssignment, isFunctionLiteral, some, strip, unstrip } from '../syntax/tree.ts';
import { literalTruth } from './predicates.ts';

/**
 * Whether the code runs once for the whole process: a variable of the module keeps others out, and was set before, so that
 * what fails here is not tried again (`if (database) return database; database = await open(); …`).
 */
export function runsOnce(semantics: Semantics, site: ts.Node): boolean {
  const root = enclosingRoot(site);
  for (let child: ts.Node = site; child !== root && child.parent; child = child.parent) {
    const latch = latchBetween(semantics, child, child.parent, root);
    if (latch?.scope && ts.isSourceFile(latch.scope) && isSetBefore(latch.place, site, root)) return true;
  }
  return false;
}

/**
 * Whether all that is known to call the code stands behind such a variable, be it set before or after: `if (!checked) { await
 * readVersion(); checked = true; }`. One is left over, however often the program comes by.
 */
export function isBehindLatch(semantics: Semantics, node: ts.Node, depth = 0): boolean {
  const root = enclosingRoot(node);
  if (ts.isSourceFile(root) || depth > maxDepth) return false;
  for (let child: ts.Node = node; child !== root && child.parent; child = child.parent) {
    const latch = latchBetween(semantics, child, child.parent, root);
    if (latch?.scope && ts.isSourceFile(latch.scope) && !isTakenBack(latch.place, node)) return true;
  }
  if (isExecutor(root)) return isBehindLatch(semantics, root.parent, depth);
  return knownCallsOf(semantics, root)?.every((call) => isBehindLatch(semantics, call, depth + 1)) ?? false;
}

/** How many callers are followed. */
const maxDepth = 3;

/** `new Promise((resolve) => …)`, which runs at once. */
const isExecutor = (root: ts.Node): boolean =>
  isFunctionLiteral(root) &&
  ts.isNewExpression(unstrip(root).parent) &&
  unstrip(root).parent.getText().startsWith('new Promise');

/** `busy = false` lets the next one in. */
const isTakenBack = (place: string, node: ts.Node): boolean =>
  some(node.getSourceFile(), (it) => isWriteTo(it, place) && literalTruth(strip(it.right)) === false);

const isWriteTo = (node: ts.Node, place: string): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && strip(node.left).getText() === place;

/** Whether the place is set before the code, and nothing takes that back: `busy = false` lets the next one in. */
function isSetBefore(place: string, site: ts.Node, root: ts.Node): boolean {
  return !isTakenBack(place, site) && some(root, (node) => isWriteTo(node, place) && node.end <= site.getStart());
}
