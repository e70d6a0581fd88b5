import ts from 'typescript';
import { latchBetween } from '../contexts/latches.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isAssignment, some, strip } from '../syntax/tree.ts';

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

function isSetBefore(place: string, site: ts.Node, root: ts.Node): boolean {
  return some(
    root,
    (node) =>
      ts.isBinaryExpression(node) &&
      isAssignment(node.operatorToken.kind) &&
      strip(node.left).getText() === place &&
      node.end <= site.getStart(),
  );
}
