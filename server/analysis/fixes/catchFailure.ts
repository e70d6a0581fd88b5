import ts from 'typescript';
import type { Discharge } from '../resources/model.ts';
import { contains, isNothing, isRoot, receiver } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { planHoist } from './hoist.ts';
import type { FixPlan } from './plan.ts';
import { statementsOf } from './range.ts';
import { handedOn } from './releaseOnThrow.ts';
import { mentions, releasesOf, releaseText } from './releases.ts';
import { isList, type StatementList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { outlives, usesOf } from './uses.ts';
import { type Page, type Range, untouched, wrapInTry } from './wrap.ts';

/**
 * For what is given back or handed on when all goes well, by whatever way: only what comes before that is put into a `try`,
 * whose `catch` releases. Names that are read later are declared in front of it.
 */
export function catchFailure(held: Held): FixPlan | undefined {
  const { exploration } = held.solved;
  if (exploration.plain || held.guard !== undefined || !held.acquisition || !isOneOfAKind(held)) return undefined;
  const releases = releasesOf(held);
  // What else gives it back does more than that.
  const own = releases.filter(({ node }) => ts.isCallExpression(node) && receiver(node)?.getText() === held.resource);
  const text = releaseText(held, own);
  const uses = usesOf(held, releases);
  const last = uses.all.at(-1);
  const ends = [...handedOn(held, uses), ...releases.map(({ node }) => node)];
  const start = startOf(held, held.acquisition);
  if (!text || !last || !start || ends.length === 0) return undefined;
  const { list, from } = start;
  const { statements } = list;
  const isEnd = (s: ts.Statement): boolean => ends.some((node) => contains(s, node));
  const to = statements.findIndex((s, index) => index >= from && isEnd(s)) - 1;
  if (to < from) return undefined;
  const range: Range = { list, from, to };
  const inside = statementsOf(range);
  if (uses.all.some((use) => inside.some((s) => contains(s, use)) && outlives(use, held))) return undefined;
  const hoist = planHoist(inside, statements.slice(to + 1), held.style);
  const error = ['error', 'failure', 'reason'].find((name) => mentions(list, (i) => i.text === name).length === 0);
  if (!hoist || error === undefined) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: held.file, style: held.style };
  const { end } = held.style;
  const lines = [text.certain + end, `throw ${error}${end}`];
  wrapInTry(page, range, untouched, { keyword: `catch (${error})`, lines, before: hoist.lines });
  hoist.apply(rewriter);
  return { title: 'Release when it fails', safety: 'safe', edits: rewriter.edits() };
}

/** The statement behind the acquisition, or behind the branches that fill a variable in one way or the other. */
function startOf(
  { binding, fn }: Held,
  acquisition: ts.Statement,
): { readonly list: StatementList; readonly from: number } | undefined {
  const declared = binding.declarations[0];
  let statement: ts.Node = acquisition;
  while (!isList(statement.parent) || (declared && !contains(statement.parent, declared))) {
    if (isRoot(statement) || statement === fn || !statement.parent || ts.isIterationStatement(statement, false))
      return undefined;
    statement = statement.parent;
  }
  const list = statement.parent;
  return { list, from: list.statements.indexOf(statement as ts.Statement) + 1 };
}

/** Whether the name is filled by nothing but such acquisitions: what somebody else has made is not to be released. */
function isOneOfAKind({ analysis, binding, target, obligation }: Held): boolean {
  return binding.writes.every((write) => {
    if (write === target) return true;
    const { parent } = write;
    if (ts.isVariableDeclaration(parent)) return !parent.initializer || isNothing(parent.initializer);
    if (!ts.isBinaryExpression(parent) || parent.left !== write) return false;
    return analysis.obligations.some(
      ({ obligation: { site, acquisition } }) =>
        contains(parent.right, site) && isSame(acquisition.preferred, obligation.acquisition.preferred),
    );
  });
}

const isSame = (a: Discharge, b: Discharge): boolean => JSON.stringify(a) === JSON.stringify(b);
