import type ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { bareExits } from '../../fixes/beforeExit.ts';
import { type Held, isHeld } from '../../fixes/held.ts';
import { insertBefore } from '../../fixes/insertion.ts';
import { type FixPlan, fixesOf } from '../../fixes/plan.ts';
import { receiptOf } from '../../fixes/receipt.ts';
import { isAsyncRoot, releasesOf } from '../../fixes/releases.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { listOf } from '../../fixes/wrap.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import { contains } from '../../syntax/tree.ts';

/** The repairs of a body that some path leaves unread. */
export function fixes(file: FileAnalysis, solved: SolvedObligation): readonly Fix[] {
  const receipt = receiptOf(file, solved);
  return isHeld(receipt) ? fixesOf(file.unit.path, [dropBeforeLeaving(receipt)]) : [];
}

/** Drops the body before every `return` and `throw` that leaves without having read it or handed it on. */
function dropBeforeLeaving(held: Held): FixPlan | undefined {
  const { acquisition, file, fn, style, solved } = held;
  const list = acquisition && listOf(acquisition);
  if (!acquisition || !list || list.parent !== fn || held.guard !== undefined || !isAsyncRoot(held)) return undefined;
  const releases = releasesOf(held);
  const after = list.statements.slice(list.statements.indexOf(acquisition) + 1);
  const passedOn = solved.exploration.handovers.map(({ node }) => node.syntax);
  const takers: readonly ts.Node[] = [...releases.map(({ node }) => node), ...passedOn];
  const exits = bareExits(after, releases).filter((exit) => !takers.some((taker) => contains(exit, taker)));
  if (exits.length === 0) return undefined;
  const rewriter = new Rewriter();
  const line = `await ${dropText(held)}${style.end}`;
  for (const exit of exits) insertBefore({ rewriter, file, style }, exit, [line]);
  return { title: 'Drop the body before leaving', safety: 'safe', edits: rewriter.edits() };
}

function dropText({ obligation: { acquisition }, resource }: Held): string {
  const { preferred } = acquisition;
  return preferred.by === 'property'
    ? `${resource}.${preferred.name}?.cancel()`
    : `${resource}.${'name' in preferred ? preferred.name : 'destroy'}()`;
}
