import ts from 'typescript';
import type { FixSafety } from '../finding.ts';
import { contains, enclosingRoot } from '../syntax/tree.ts';
import { acquiresMeanwhile, delayed } from './delay.ts';
import { addToTry, begins, canUnwrap, hasHeaderLine, hoistHeader, placeIn, unwrap } from './existingTry.ts';
import type { Held } from './held.ts';
import type { FixPlan } from './plan.ts';
import { type ExistingRelease, releasesOf, releaseText } from './releases.ts';
import { type Doomed, doom, removeDoomed, type StatementList } from './removal.ts';
import { addAwait, returnsCanWait, unsettledReturns } from './returnAwait.ts';
import { Rewriter } from './rewriter.ts';
import { declaredIn, floats, mentionsAny, outlives, type Uses, usesOf } from './uses.ts';
import { listOf, type Page, type Range, wrapInTry } from './wrap.ts';

interface Moved {
  readonly releases: readonly ExistingRelease[];
  readonly uses: Uses;
  readonly doomed: Doomed;
}

const title = 'Release in `finally`';

/** `try { … } finally { release }` around everything between the acquisition and the last use. */
export function tryFinally(held: Held): FixPlan | undefined {
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  const list = listOf(held.acquisition);
  if (!text || !list || !isMovable(releases, held) || isReassigned(held)) return undefined;
  const doomed = doom(releases.flatMap((r) => r.statement ?? []));
  const uses = usesOf(held, releases);
  if (!doomed) return undefined;
  const moved: Moved = { releases, uses, doomed };
  const range = rangeOf(held, list, moved);
  const safety = range && safetyOf(held, range, moved);
  if (!safety) return undefined;
  const statements = list.statements.slice(range.from, range.to + 1);
  const unsettled = unsettledReturns(statements, uses);
  if (unsettled.length > 0 && !returnsCanWait(held)) return undefined;
  if (uses.all.some((use) => outlives(use, held))) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: held.file, style: held.style };
  const comments = removeDoomed(rewriter, held.file, doomed);
  const release = held.guard === undefined ? text.certain : `if (${held.guard}) ${text.certain}`;
  const lines = [...comments, release + held.style.end];
  for (const expression of unsettled) addAwait(rewriter, expression);
  if (!put(page, held, range, moved, lines)) return undefined;
  return { title, safety, edits: rewriter.edits() };
}

/** Releases that are statements of the function itself and nothing but releases can move into a `finally`. */
function isMovable(releases: readonly ExistingRelease[], { fn }: Held): boolean {
  return releases.every(({ node, statement, special }) => statement && !special && enclosingRoot(node) === fn);
}

function isReassigned({ binding, target }: Held): boolean {
  return binding.writes.some((write) => write !== target);
}

/** From the statement after the acquisition to the last one that needs the resource or what is declared in between. */
function rangeOf(held: Held, list: StatementList, { releases, uses, doomed }: Moved): Range | undefined {
  const { statements } = list;
  const from = statements.indexOf(held.acquisition) + 1;
  const needing: readonly ts.Node[] = [...uses.all, ...releases.map((r) => r.node)];
  const indices = needing.map((node) => statements.findIndex((s) => contains(s, node)));
  if (indices.some((index) => index < from)) return undefined;
  // Nothing mentions a lock while it is needed.
  const isLock = releases.length === 0 && held.obligation.acquisition.preferred.by === 'call';
  let to = isLock ? statements.length - 1 : Math.max(from - 1, ...indices);
  while (to >= from && doomed.statements.has(statements[to] as ts.Statement)) to -= 1;
  for (let previous = -1; previous !== to; ) {
    previous = to;
    const names = declaredIn(statements.slice(from, to + 1));
    to = Math.max(
      to,
      statements.findLastIndex((s, index) => index > to && mentionsAny(s, names)),
    );
  }
  const range = { list, from, to };
  return to >= from && isWrappable(held, range) ? range : undefined;
}

function isWrappable({ analysis }: Held, { list, from, to }: Range): boolean {
  const inside = list.statements.slice(from, to + 1);
  if (ts.isSourceFile(list) && inside.some((s) => ts.isExportAssignment(s) || isModuleItem(s))) return false;
  const span = { pos: inside[0]?.pos ?? 0, end: inside.at(-1)?.end ?? 0 };
  return declaredIn(inside).every((name) =>
    (analysis.unit.scopes.bindingOf(name)?.references ?? []).every((r) => span.pos <= r.pos && r.end <= span.end),
  );
}

function isModuleItem(statement: ts.Statement): boolean {
  const exported =
    ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.[0]?.kind === ts.SyntaxKind.ExportKeyword;
  return exported || ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
}

function safetyOf(held: Held, range: Range, { releases, doomed, uses }: Moved): FixSafety | undefined {
  const meanwhile = delayed(range, doomed);
  if (acquiresMeanwhile(meanwhile, held)) return undefined;
  if (meanwhile.length > 0) return 'suggestion';
  return releases.length > 0 || !uses.all.some(floats) ? 'safe' : 'suggestion';
}

/** Writes the release into the `try` that is there already, or puts a new one around the range. */
function put(page: Page, held: Held, range: Range, { doomed, uses }: Moved, lines: readonly string[]): boolean {
  const kept = range.list.statements.slice(range.from, range.to + 1).filter((s) => !doomed.statements.has(s));
  const last = kept.at(-1);
  const gap = kept.slice(0, -1);
  const existing = last && ts.isTryStatement(last) && (gap.length === 0 || takes(last, gap, held)) ? last : undefined;
  // A `try` needs a `catch` or a `finally`.
  const bare = [...doomed.finallies].filter((t) => t !== existing && !t.catchClause);
  if (bare.some((t) => !canUnwrap(t, range, page.file))) return false;
  if (existing) {
    if (gap.length > 0) hoistHeader(page, gap, existing);
    addToTry(page, { statement: existing, place: placeIn(existing, doomed, uses), doomed }, lines);
  } else {
    wrapInTry(page, range, { doomed, unwrapped: bare }, lines);
    for (const statement of bare) unwrap(page, statement);
  }
  return true;
}

/** Whether the statements before a `try` may move into it. */
function takes(statement: ts.TryStatement, gap: readonly ts.Statement[], held: Held): boolean {
  const { catchClause, finallyBlock } = statement;
  const names = declaredIn(gap);
  if (!hasHeaderLine(statement, held.file)) return false;
  if ([catchClause, finallyBlock].some((node) => node && mentionsAny(node, names))) return false;
  // A `catch` would see what it did not see before; only what it undoes belongs there.
  return catchClause === undefined || (rethrows(catchClause) && gap.every((s) => begins(s, held)));
}

function rethrows({ block }: ts.CatchClause): boolean {
  const end = block.statements.at(-1);
  return end !== undefined && ts.isThrowStatement(end);
}
