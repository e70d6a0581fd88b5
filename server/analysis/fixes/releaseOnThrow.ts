import ts from 'typescript';
import { contains, walkFunction } from '../syntax/tree.ts';
import { anchorOf } from './anchor.ts';
import type { Held } from './held.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { mentions, releasesOf, releaseText } from './releases.ts';
import { isList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { declaredIn, mentionsAny, outlives, type Uses, usesOf } from './uses.ts';
import { type Page, type Range, untouched, wrapInTry } from './wrap.ts';

const title = 'Release when it fails';

/**
 * For code that acquires on behalf of its caller or owner: what is handed on in the end must be released when something
 * throws before.
 */
export function releaseOnThrow(held: Held): FixPlan | undefined {
  const { exploration } = held.solved;
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  if (exploration.plain || exploration.handovers.length === 0 || releases.length > 0 || held.guard !== undefined)
    return undefined;
  if (!text || held.binding.writes.some((write) => write !== held.target)) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: held.file, style: held.style };
  const done = inExistingCatch(page, held, text.optional) || aroundAll(page, held, text.certain);
  return done ? { title, safety: 'safe', edits: rewriter.edits() } : undefined;
}

/** `let client; try { client = await pool.connect(); … } catch (error) { log(error); throw error; }` */
function inExistingCatch({ rewriter, file, style }: Page, { acquisition, binding }: Held, release: string): boolean {
  const statement = acquisition?.parent.parent;
  const declaration = binding.declarations[0];
  if (!statement || !ts.isTryStatement(statement) || !declaration || contains(statement, declaration)) return false;
  const { catchClause, tryBlock } = statement;
  const [first] = catchClause?.block.statements ?? [];
  const last = catchClause?.block.statements.at(-1);
  const lines = new Lines(file.text);
  if (acquisition.parent !== tryBlock || !first || !last || !ts.isThrowStatement(last)) return false;
  const start = first.getStart(file);
  if (!lines.opens(start)) return false;
  rewriter.insert(
    lines.next(catchClause?.block.getStart(file) ?? start),
    lines.indentAt(start) + release + style.end + style.newline,
  );
  return true;
}

/** `const client = await pool.connect(); try { … return client; } catch (error) { client.release(); throw error; }` */
function aroundAll(page: Page, held: Held, release: string): boolean {
  const uses = usesOf(held, []);
  const anchor = anchorOf(held, uses.all);
  if (!anchor?.certain || !held.acquisition || uses.all.some((use) => outlives(use, held))) return false;
  const { list, from } = anchor;
  const { statements } = list;
  const nodes = handedOn(held, uses);
  const handing = statements.findIndex((s) => nodes.some((node) => contains(s, node)));
  if (!isList(list) || handing < from || !nodes.every((node) => contains(statements[handing] as ts.Statement, node)))
    return false;
  const before: Range = { list, from, to: handing - 1 };
  const names = declaredIn(statements.slice(from, handing));
  const isApart = handing > from && !statements.slice(handing).some((s) => mentionsAny(s, names));
  const range = isApart && isPlainReturn(statements[handing]) ? before : { list, from, to: handing };
  const after = statements.slice(range.to + 1);
  if (after.some((s) => mentionsAny(s, declaredIn(statements.slice(from, range.to + 1))))) return false;
  const error = ['error', 'failure', 'reason'].find((name) => mentions(list, (i) => i.text === name).length === 0);
  if (error === undefined) return false;
  const { end } = held.style;
  const lines = [release + end, `throw ${error}${end}`];
  wrapInTry(page, range, untouched, { keyword: `catch (${error})`, lines });
  return true;
}

/** Where the resource goes to somebody else. */
export function handedOn({ fn, solved }: Held, uses: Uses): readonly ts.Node[] {
  const returns: ts.Node[] = [];
  if ('body' in fn && fn.body) {
    walkFunction(fn.body, (node) => {
      const isReturned = ts.isReturnStatement(node) && uses.all.some((use) => contains(node, use));
      if (isReturned) returns.push(node);
    });
  }
  return solved.exploration.handovers.flatMap(({ node }) => (node.kind === 'exit' ? returns : [node.syntax]));
}

/** A return that cannot throw any more. */
function isPlainReturn(statement: ts.Statement | undefined): boolean {
  return statement !== undefined && ts.isReturnStatement(statement) && mentionsNoCall(statement);
}

const mentionsNoCall = (node: ts.Node): boolean =>
  !ts.isCallExpression(node) &&
  !ts.isNewExpression(node) &&
  !(ts.forEachChild(node, (child) => !mentionsNoCall(child)) ?? false);
