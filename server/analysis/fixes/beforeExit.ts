import ts from 'typescript';
import { leavesBlock } from '../syntax/leaving.ts';
import { contains, walkFunction } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { insertBefore } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { type ExistingRelease, releasesOf, releaseText } from './releases.ts';
import { isList } from './removal.ts';
import { unsettledReturns } from './returnAwait.ts';
import { Rewriter } from './rewriter.ts';
import { withComments } from './tokens.ts';
import { usesOf } from './uses.ts';
import { listOf, type Page } from './wrap.ts';

/**
 * Where the code gives the resource back in ways that cannot move into a `finally` (a broken one in the `catch`, at the
 * end of a stream): a release before every way out that has none.
 */
export function releaseBeforeExit(held: Held): FixPlan | undefined {
  const { acquisition, fn, file, style, solved } = held;
  const list = acquisition && listOf(acquisition);
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  if (!list || !text || list.parent !== fn || held.guard !== undefined || solved.exploration.handovers.length > 0)
    return undefined;
  if (releases.length === 0 || releases.some((r) => r.mistaken) || failsInCall(held)) return undefined;
  const after = list.statements.slice(list.statements.indexOf(acquisition) + 1);
  if (unsettledReturns(after, usesOf(held, releases)).length > 0) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file, style };
  const line = text.certain + style.end;
  for (const exit of bareExits(after, releases)) insertBefore(page, exit, [line]);
  const last = after.at(-1);
  if (last && endsBare(last, releases)) {
    const lines = new Lines(file.text);
    const { end } = withComments(last, file);
    rewriter.insert(end, style.newline + lines.indentAt(last.getStart(file)) + line);
  }
  return { title: 'Release before leaving', safety: 'safe', edits: rewriter.edits() };
}

/** Whether what misses the release is a call that fails: no statement stands there. */
function failsInCall({ solved: { graded } }: Held): boolean {
  return graded?.leak.path.findLast(({ edge }) => edge === 'throw')?.node.kind === 'evaluate';
}

/** The exits that no release precedes in their block, where nothing else can have released. */
export function bareExits(
  statements: readonly ts.Statement[],
  releases: readonly ExistingRelease[],
): readonly ts.Statement[] {
  const exits: ts.Statement[] = [];
  for (const statement of statements) {
    walkFunction(statement, (node) => {
      const leaves = ts.isReturnStatement(node) || (ts.isThrowStatement(node) && !isCaughtIn(node, statement));
      if (leaves && !isReleased(node, releases)) exits.push(node);
    });
  }
  return exits;
}

/** A release stands before the exit in one of the lists around it. */
function isReleased(exit: ts.Statement, releases: readonly ExistingRelease[]): boolean {
  for (let node: ts.Node = exit; node.parent; node = node.parent) {
    const { parent } = node;
    if (!isList(parent)) continue;
    const earlier = (parent.statements as readonly ts.Statement[]).slice(
      0,
      parent.statements.indexOf(node as ts.Statement),
    );
    if (earlier.some((s) => releases.some((r) => contains(s, r.node) && !ts.isIfStatement(s)))) return true;
  }
  return false;
}

function isCaughtIn(node: ts.Node, until: ts.Node): boolean {
  for (let current = node; current !== until.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isTryStatement(parent) && parent.tryBlock === current && parent.catchClause) return true;
  }
  return false;
}

/** Whether the function's end is reached with the resource: after a `try` whose `catch` gives it back and leaves. */
function endsBare(last: ts.Statement, releases: readonly ExistingRelease[]): boolean {
  if (leavesBlock(last) || !ts.isTryStatement(last) || last.finallyBlock || !last.catchClause) return false;
  const { catchClause, tryBlock } = last;
  const isReleasedInside = releases.some((r) => contains(tryBlock, r.node));
  return leavesBlock(catchClause.block) && !leavesBlock(tryBlock) && !isReleasedInside;
}
