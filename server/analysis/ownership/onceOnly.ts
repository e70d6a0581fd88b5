import ts from 'typescript';
import { latchBetween } from '../contexts/latches.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isAssignment, some, strip } from '../syntax/tree.ts';
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

/** Whether the place is set before the code, and nothing takes that back: `busy = false` lets the next one in. */
function isSetBefore(place: string, site: ts.Node, root: ts.Node): boolean {
  const isWrite = (node: ts.Node): node is ts.BinaryExpression =>
    ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && strip(node.left).getText() === place;
  if (some(site.getSourceFile(), (node) => isWrite(node) && literalTruth(strip(node.right)) === false)) return false;
  return some(root, (node) => isWrite(node) && node.end <= site.getStart());
}
