import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { addAwait } from '../../fixes/returnAwait.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import type { MisusePath } from '../../ownership/explore.ts';
import { enclosingRoot, isAsync, isCaught } from '../../syntax/tree.ts';

/** Waits for the promise before the resource goes back. */
export function fixes({ unit }: FileAnalysis, { kind, call }: MisusePath): readonly Fix[] {
  const fn = enclosingRoot(call);
  if (kind !== 'unsettled' || ts.isSourceFile(fn) || !isAsync(fn)) return [];
  let node: ts.Node = call;
  while (!ts.isReturnStatement(node.parent) && node.parent !== fn) node = node.parent;
  if (!ts.isReturnStatement(node.parent)) return [];
  const expression = node as ts.Expression;
  const rewriter = new Rewriter();
  addAwait(rewriter, expression);
  // A `catch` around it would see a rejection that has passed it by so far.
  const safety = isCaught(expression, fn) ? 'suggestion' : 'safe';
  return fixesOf(unit.path, [{ title: 'Wait with `return await`', safety, edits: rewriter.edits() }]);
}
