import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { contains, enclosingRoot, isAsync, strip, unstrip, walkFunction } from '../syntax/tree.ts';
import { planHoist } from './hoist.ts';
import { insertBefore, insertFirst } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { mentions } from './releases.ts';
import { isList, type StatementList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { mayThrow } from './uses.ts';
import { type Page, type Range, untouched, wrapInTry } from './wrap.ts';

const title = 'Roll back when it fails';

/** A transaction as the edit sees it. */
interface Begun {
  /** What denotes it, or the connection that it was begun on. */
  readonly resource: string;
  /** The statement that begins it, and where that stands. */
  readonly statement: ts.Statement;
  readonly list: StatementList;
  /** The statement that rolls it back. */
  readonly rollback: string;
  /** Calls that end it. */
  readonly ends: readonly ts.Node[];
  /** Whether the name is there outside of the list. */
  readonly isDeclaredOutside: boolean;
}

/**
 * Ends a transaction on the paths that do not: a rollback in the `catch` around it, which is there or comes, and before
 * every return that has none.
 */
export function rollBack({ unit: { file } }: FileAnalysis, solved: SolvedObligation): FixPlan | undefined {
  const begun = begunBy(solved);
  if (!begun || solved.exploration.handovers.length > 0) return undefined;
  const { list, statement, ends } = begun;
  const from = list.statements.indexOf(statement) + 1;
  const last = list.statements.findLastIndex((s, index) => index >= from && ends.some((end) => contains(s, end)));
  if (last < 0) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file, style: styleOf(file) };
  const isMissedByThrow = solved.exploration.thrown !== undefined || solved.exploration.gap !== undefined;
  const place = isMissedByThrow ? protect(page, begun, { list, from, to: last }) : nothingToProtect;
  if (!place) return undefined;
  const line = begun.rollback + page.style.end;
  for (const exit of returnsWithout(list.statements.slice(from), begun)) {
    if (place.covered && contains(place.covered, exit)) continue;
    if (mentions(exit, (name) => name.text === rootName(begun.resource)).length > 0) return undefined;
    const isDeeper = place.deepened.some((s) => contains(s, exit));
    insertBefore(page, exit, [line], isDeeper ? page.style.unit : '');
  }
  const edits = rewriter.edits();
  return edits.length > 0 ? { title, safety: 'suggestion', edits } : undefined;
}

/** Where a rollback was put, and what that does to the statements around. */
interface Protection {
  /** A block that begins with a rollback. */
  readonly covered: ts.Node | undefined;
  /** Statements that get another level of indentation. */
  readonly deepened: readonly ts.Statement[];
}

const nothingToProtect: Protection = { covered: undefined, deepened: [] };

function protect(page: Page, begun: Begun, range: Range): Protection | undefined {
  const { list, rollback, isDeclaredOutside, ends } = begun;
  const line = rollback + page.style.end;
  const body = list.statements.slice(range.from, range.to + 1);
  const [only] = body;
  if (body.length === 1 && only && ts.isTryStatement(only) && ends.some((end) => contains(only.tryBlock, end)))
    return protectTry(page, only, line, ends);
  const outer = list.parent;
  if (isDeclaredOutside && ts.isTryStatement(outer) && outer.tryBlock === list && outer.catchClause)
    return protectTry(page, outer, line, ends);
  return wrap(page, range, line);
}

/** Rolls back first thing in the `catch`, which comes where there is none. */
function protectTry(
  page: Page,
  { tryBlock, catchClause }: ts.TryStatement,
  line: string,
  ends: readonly ts.Node[],
): Protection | undefined {
  if (!catchClause) {
    const { newline, unit, end } = page.style;
    const indent = /[^\n]*$/.exec(page.file.text.slice(0, tryBlock.parent.getStart(page.file)))?.[0] ?? '';
    if (indent.trim() !== '') return undefined;
    const inner = [line, `throw error${end}`].map((text) => `${indent}${unit}${text}${newline}`).join('');
    page.rewriter.insert(tryBlock.end, ` catch (error) {${newline}${inner}${indent}}`);
    return nothingToProtect;
  }
  // It rolls back already: only the returns are missing.
  if (ends.some((end) => contains(catchClause, end))) return { covered: catchClause.block, deepened: [] };
  insertFirst(page, catchClause.block, 0, [line]);
  return { covered: catchClause.block, deepened: [] };
}

/** `try { … commit } catch (error) { rollback; throw error; }` */
function wrap(page: Page, core: Range, line: string): Protection | undefined {
  const { statements } = core.list;
  // A plain return behind the commit may stand inside: it cannot throw any more.
  const next = statements[core.to + 1];
  const isLast = next && core.to + 2 === statements.length && ts.isReturnStatement(next) && !mayThrow(next);
  const range = isLast ? { ...core, to: core.to + 1 } : core;
  const inside = statements.slice(range.from, range.to + 1);
  const hoist = planHoist(inside, statements.slice(range.to + 1), page.style);
  const error = ['error', 'failure', 'reason'].find((name) => mentions(core.list, (i) => i.text === name).length === 0);
  if (!hoist || error === undefined || ts.isSourceFile(core.list)) return undefined;
  const before = hoist.lines.length > 0 ? hoist.lines : undefined;
  const lines = [line, `throw ${error}${page.style.end}`];
  wrapInTry(page, range, untouched, { keyword: `catch (${error})`, lines, before });
  hoist.apply(page.rewriter);
  return { covered: undefined, deepened: inside };
}

/** The returns before which nothing in their block, or in one around it, ends the transaction. */
function returnsWithout(statements: readonly ts.Statement[], { ends }: Begun): readonly ts.Statement[] {
  const found: ts.Statement[] = [];
  const isEnded = (exit: ts.Node): boolean => {
    if (ends.some((end) => contains(exit, end))) return true;
    for (let node: ts.Node = exit; node.parent; node = node.parent) {
      const { parent } = node;
      if (!isList(parent)) continue;
      const list: readonly ts.Statement[] = parent.statements;
      const earlier = list.slice(0, list.indexOf(node as ts.Statement));
      if (earlier.some((s) => ends.some((end) => contains(s, end)) && !ts.isIfStatement(s))) return true;
      if (earlier.includes(statements[0] as ts.Statement)) return false;
    }
    return false;
  };
  for (const statement of statements) {
    walkFunction(statement, (node) => {
      if (ts.isReturnStatement(node) && !isEnded(node)) found.push(node);
    });
  }
  return found;
}

const rootName = (resource: string): string => resource.split('.')[0] ?? resource;

function begunBy({ obligation, exploration }: SolvedObligation): Begun | undefined {
  const { acquisition, origin, site } = obligation;
  const { preferred } = acquisition;
  if (origin.via !== 'value' || origin.carry.path.includes('then') || preferred.by !== 'method' || !preferred.promise)
    return undefined;
  const fn = enclosingRoot(site);
  if (ts.isSourceFile(fn) || !isAsync(fn)) return undefined;
  let value: ts.Expression = unstrip(site);
  if (!ts.isAwaitExpression(value.parent)) return undefined;
  value = unstrip(value.parent);
  const named = placeOf(value, origin.holder);
  const { statement } = named ?? {};
  if (!named || !statement || !isList(statement.parent)) return undefined;
  const quote = /^\s*(['"`])/.exec(site.arguments?.[0]?.getText() ?? '')?.[1] ?? "'";
  const text = preferred.statement?.[0]?.toUpperCase();
  const rollback = `await ${named.resource}.${preferred.name}(${text ? quote + text + quote : ''})`;
  const ends = [...exploration.discharges].map(({ syntax }) => syntax);
  return { ...named, statement, list: statement.parent, rollback, ends };
}

/** The name that the value gets, or the object that it was begun on. */
function placeOf(
  value: ts.Expression,
  holder: ts.Expression | undefined,
): (Pick<Begun, 'resource' | 'isDeclaredOutside'> & { readonly statement: ts.Statement }) | undefined {
  const { parent } = value;
  if (holder)
    return ts.isExpressionStatement(parent)
      ? { resource: strip(holder).getText(), isDeclaredOutside: true, statement: parent }
      : undefined;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const statement = parent.parent.parent;
    const isOne = ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1;
    return isOne ? { resource: parent.name.text, isDeclaredOutside: false, statement } : undefined;
  }
  return undefined;
}
