import ts from 'typescript';
import type { FixSafety } from '../finding.ts';
import { contains, enclosingRoot, isCaught, isNothing } from '../syntax/tree.ts';
import { type Anchor, anchorOf, asksForPresence } from './anchor.ts';
import { acquiresMeanwhile, delayed } from './delay.ts';
import {
  addToTry,
  begins,
  canUnwrap,
  hasHeaderLine,
  hoistHeader,
  hollowTries,
  placeIn,
  unwrap,
} from './existingTry.ts';
import type { Held } from './held.ts';
import { type Hoist, planHoist } from './hoist.ts';
import type { FixPlan } from './plan.ts';
import { coreFrom, type Moved, rangeFrom, statementsOf } from './range.ts';
import { type ExistingRelease, isAsyncRoot, isReleasedAfter, releasesOf, releaseText } from './releases.ts';
import { type Doomed, doom, isList, removeDoomed } from './removal.ts';
import { addAwait, hidesPromises, returned, returnsCanWait, unsettledReturns } from './returnAwait.ts';
import { Rewriter } from './rewriter.ts';
import { continues, declaredIn, floats, mentionsAny, outlives, usesOf } from './uses.ts';
import { type Page, type Range, wrapInTry } from './wrap.ts';

const title = 'Release in `finally`';

/** `try { … } finally { release }` around everything between the acquisition and the last use. */
export function tryFinally(held: Held): FixPlan | undefined {
  // Somebody else has it then, on some path at least.
  if (held.solved.exploration.handovers.length > 0) return undefined;
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  if (!text || !isMovable(releases, held)) return undefined;
  const gone = releases.flatMap((r) => r.statement ?? []);
  const resets = resetsAfter(held, gone);
  const doomed = resets && doom([...gone, ...resets]);
  const condition = conditionOf(held, gone);
  if (!doomed || !condition) return undefined;
  const moved: Moved = { releases, uses: usesOf(held, releases), doomed };
  const anchor = anchorOf(held, [...moved.uses.all, ...releases.map((r) => r.node)]);
  const place = anchor && placeFor(held, anchor, moved);
  if (!place) return undefined;
  const { range, hoist } = place;
  const safety = safetyOf(held, range, moved);
  if (!safety || moved.uses.all.some((use) => outlives(use, held))) return undefined;
  const statements = statementsOf(range);
  const unsettled = unsettledReturns(statements, moved.uses);
  if (returned(statements).some((e) => hidesPromises(e, moved.uses, held))) return undefined;
  if (unsettled.length > 0 && !returnsCanWait(held)) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: held.file, style: held.style };
  const comments = removeDoomed(rewriter, held.file, doomed);
  const kept = statements.filter((s) => !doomed.statements.has(s));
  const certain = anchor.certain && !asksForPresence(moved.uses.all, held, kept);
  if (!certain) admitAbsence(rewriter, anchor);
  for (const expression of unsettled) addAwait(rewriter, expression);
  const lines = [...comments, ...guarded(held, condition.text, certain ? text.certain : text.optional)];
  const caught = unsettled.some((expression) => isCaught(expression, held.fn));
  if (!put(page, held, place, moved, lines)) return undefined;
  hoist?.apply(rewriter);
  return { title, safety: caught ? 'suggestion' : safety, edits: rewriter.edits() };
}

interface Place {
  readonly range: Range;
  readonly hoist: Hoist | undefined;
}

/**
 * The range that is wrapped. Where that would hold the resource while something else is waited for, only what needs it is
 * wrapped, and names that are read later are declared before.
 */
function placeFor(held: Held, anchor: Anchor, moved: Moved): Place | undefined {
  const range = rangeFrom(held, anchor, moved);
  const core = coreFrom(held, anchor, moved);
  const isDelayed = !range || delayed(range, moved.doomed).length > 0;
  if (core && isDelayed && delayed(core, moved.doomed).length === 0 && !ts.isSourceFile(core.list)) {
    const after = core.list.statements.slice(core.to + 1).filter((s) => !moved.doomed.statements.has(s));
    const hoist = planHoist(statementsOf(core), after, held.style);
    if (hoist) return { range: core, hoist: hoist.lines.length > 0 ? hoist : undefined };
  }
  return range && { range, hoist: undefined };
}

/** The release, under the condition that says whether the resource was acquired here. */
function guarded({ style }: Held, condition: string | undefined, release: string): readonly string[] {
  const statement = release + style.end;
  return condition === undefined ? [statement] : [`if (${condition}) {`, style.unit + statement, '}'];
}

/**
 * What the releases ask before they release a resource that was perhaps given by somebody else. As the author asks it,
 * if all ask the same; `undefined` when one does not ask.
 */
function conditionOf({ guard }: Held, releases: readonly ts.Statement[]): { text: string | undefined } | undefined {
  if (guard === undefined || releases.length === 0) return { text: guard };
  const asked = new Set(releases.map((release) => enclosingIf(release)?.expression.getText()));
  const [text] = asked;
  return asked.size === 1 && text !== undefined ? { text } : undefined;
}

function enclosingIf(statement: ts.Statement): ts.IfStatement | undefined {
  const owner = ts.isBlock(statement.parent) ? statement.parent.parent : statement.parent;
  return ts.isIfStatement(owner) && contains(owner.thenStatement, statement) ? owner : undefined;
}

/** Releases that are statements of the function itself and nothing but releases can move into a `finally`. */
function isMovable(releases: readonly ExistingRelease[], { fn }: Held): boolean {
  return releases.every(({ node, statement, special }) => statement && !special && enclosingRoot(node) === fn);
}

/** The statements that clear the name after a release; `undefined` when the name gets another value. */
function resetsAfter(
  { binding, target }: Held,
  released: readonly ts.Statement[],
): readonly ts.Statement[] | undefined {
  const resets: ts.Statement[] = [];
  for (const write of binding.writes) {
    if (write === target) continue;
    const { parent } = write;
    const statement = parent.parent;
    if (!ts.isBinaryExpression(parent) || !isNothing(parent.right) || !ts.isExpressionStatement(statement))
      return undefined;
    const before: readonly ts.Statement[] = isList(statement.parent) ? statement.parent.statements : [];
    if (!released.includes(before[before.indexOf(statement) - 1] as ts.Statement)) return undefined;
    resets.push(statement);
  }
  return resets;
}

/** `let client: Client;` is read in the `finally` although nothing may have been assigned. */
function admitAbsence(rewriter: Rewriter, { declaration }: Anchor): void {
  if (!declaration?.type || declaration.initializer) return;
  if (/\b(?:undefined|null|any|unknown)\b/.test(declaration.type.getText())) return;
  rewriter.insert(declaration.type.end, ' | undefined');
}

function safetyOf(held: Held, range: Range, { releases, doomed, uses }: Moved): FixSafety | undefined {
  const meanwhile = delayed(range, doomed);
  if (acquiresMeanwhile(meanwhile, held)) return undefined;
  // What looked like a release did something else; that is no longer done.
  const replaces = releases.some(({ node, mistaken }) => mistaken && ts.isCallExpression(node));
  if (meanwhile.length > 0 || replaces || deletes(held, releases)) return 'suggestion';
  const loose = uses.all.filter((use) => floats(use) && !isReleasedAfter(use, releases));
  if (loose.length === 0) return 'safe';
  // What nobody waits for may still need the resource: only where the code is known to wait somewhere.
  return isAsyncRoot(held) && !loose.some(continues) ? 'suggestion' : undefined;
}

/** Whether the release removes what the code has left behind so far. */
function deletes({ obligation: { acquisition } }: Held, releases: readonly ExistingRelease[]): boolean {
  const { preferred } = acquisition;
  return releases.length === 0 && preferred.by === 'function' && preferred.more !== undefined;
}

/** Writes the release into the `try` that is there already, or puts a new one around the range. */
function put(
  page: Page,
  held: Held,
  { range, hoist }: Place,
  { doomed, uses }: Moved,
  lines: readonly string[],
): boolean {
  const kept = statementsOf(range).filter((s) => !doomed.statements.has(s));
  const last = kept.at(-1);
  const gap = kept.slice(0, -1);
  const existing =
    !hoist && last && ts.isTryStatement(last) && (gap.length === 0 || takes(last, gap, held, doomed))
      ? last
      : undefined;
  // A `try` needs a `catch` or a `finally`.
  const hollow = hollowTries(kept, doomed).filter((t) => t !== existing);
  const unwrapped = hollow.filter((t) => canUnwrap(t, page.file));
  if (hollow.some((t) => !t.catchClause && !(unwrapped.includes(t) && !existing))) return false;
  if (existing) {
    if (gap.length > 0) hoistHeader(page, gap, existing);
    addToTry(page, { statement: existing, place: placeIn(existing, doomed, uses), doomed }, lines);
  } else {
    wrapInTry(page, range, { doomed, unwrapped }, { keyword: 'finally', lines, before: hoist?.lines });
    for (const statement of unwrapped) unwrap(page, statement);
  }
  return true;
}

/** Whether the statements before a `try` may move into it. */
function takes(statement: ts.TryStatement, gap: readonly ts.Statement[], held: Held, doomed: Doomed): boolean {
  const { catchClause, finallyBlock } = statement;
  const names = declaredIn(gap);
  if (!hasHeaderLine(statement, held.file)) return false;
  if ([catchClause, finallyBlock].some((node) => node && mentionsAny(node, names))) return false;
  if (finallyBlock?.statements.some((s) => !doomed.statements.has(s))) return false;
  // A `catch` would see what it did not see before; only what it undoes belongs there.
  return catchClause === undefined || (rethrows(catchClause) && gap.every((s) => begins(s, held)));
}

function rethrows({ block }: ts.CatchClause): boolean {
  const end = block.statements.at(-1);
  return end !== undefined && ts.isThrowStatement(end);
}
