import ts from 'typescript';
import { contains, walkFunction } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { Lines } from './lines.ts';
import { type Doomed, isList } from './removal.ts';
import { commentsIn, indentLines, withComments } from './tokens.ts';
import { declaredIn, mayThrow, mentionsAny, type Uses } from './uses.ts';
import { indentOf, type Page } from './wrap.ts';

/** How a release gets into an existing `try` statement. */
export type Place =
  /** It has no `finally` yet, or one that loses all it did. */
  | 'new'
  /** The statements of the `finally` cannot throw: after them. */
  | 'last'
  /** They may throw but do not need the resource: before them. */
  | 'first'
  /** They may throw and need the resource: they get a `try` of their own. */
  | 'nested';

/** Decides where in the `finally` of a `try` the release is sure to run, and after everything that needs the resource. */
export function placeIn({ finallyBlock }: ts.TryStatement, doomed: Doomed, uses: Uses): Place {
  const kept = finallyBlock?.statements.filter((s) => !doomed.statements.has(s)) ?? [];
  if (kept.length === 0) return 'new';
  if (!kept.some(mayThrow)) return 'last';
  return kept.some((s) => uses.all.some((use) => s.pos <= use.pos && use.end <= s.end)) ? 'nested' : 'first';
}

/** Whether the `catch` has nothing left to do but to throw on what it caught. */
function onlyRethrows({ variableDeclaration, block }: ts.CatchClause, doomed: Doomed): boolean {
  const kept = block.statements.filter((s) => !doomed.statements.has(s));
  const [only] = kept;
  if (kept.length !== 1 || block.statements.length === 1 || !only || !ts.isThrowStatement(only)) return false;
  return variableDeclaration !== undefined && only.expression.getText() === variableDeclaration.name.getText();
}

/** Adds the release to a `try` statement. */
export function addToTry(
  page: Page,
  { statement, place, doomed }: { statement: ts.TryStatement; place: Place; doomed: Doomed },
  finallyLines: readonly string[],
): void {
  const { rewriter, file, style } = page;
  const { newline, unit } = style;
  const lines = new Lines(file.text);
  const { tryBlock, catchClause, finallyBlock } = statement;
  const indent = lines.indentAt(statement.getStart(file));
  const inner = (depth: string): string => finallyLines.map((line) => `${depth}${line}${newline}`).join('');
  if (place === 'new') {
    const text = ` finally {${newline}${inner(indent + unit)}${indent}}`;
    const dropped = catchClause && onlyRethrows(catchClause, doomed);
    const end = (dropped ? undefined : catchClause?.end) ?? tryBlock.end;
    if (dropped) rewriter.remove(tryBlock.end, catchClause.end);
    if (finallyBlock) rewriter.remove(catchClause?.end ?? tryBlock.end, finallyBlock.end);
    rewriter.insert(end, text);
    return;
  }
  if (!finallyBlock) return;
  const kept = finallyBlock.statements.filter((s) => !doomed.statements.has(s));
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last) return;
  const depth = indentOf(page, finallyBlock, first);
  const start = lines.start(withComments(first, file).start);
  const end = withComments(last, file).end;
  if (place === 'first') rewriter.insert(start, inner(depth));
  else if (place === 'last') rewriter.insert(end, newline + inner(depth).slice(0, -newline.length));
  else {
    rewriter.insert(start, `${depth}try {${newline}`);
    indentLines(rewriter, file, { start, end }, kept, unit);
    rewriter.insert(end, `${newline}${depth}} finally {${newline}${inner(depth + unit)}${depth}}`);
  }
}

/** Moves the statements before a `try` into it: its header goes up. */
export function hoistHeader(page: Page, gap: readonly ts.Statement[], statement: ts.TryStatement): void {
  const { rewriter, file, style } = page;
  const lines = new Lines(file.text);
  const first = gap[0] as ts.Statement;
  const start = lines.start(withComments(first, file).start);
  const indent = lines.indentAt(statement.getStart(file));
  rewriter.insert(start, `${indent}try {${style.newline}`);
  const header = lines.start(statement.getStart(file));
  indentLines(rewriter, file, { start, end: header }, gap, style.unit);
  rewriter.remove(header, lines.next(statement.tryBlock.getStart(file)));
}

/** Whether the header of a `try` stands on a line of its own, and so can be moved as a line. */
export function hasHeaderLine(statement: ts.TryStatement, file: ts.SourceFile): boolean {
  const lines = new Lines(file.text);
  const brace = statement.tryBlock.getStart(file);
  return lines.opens(statement.getStart(file)) && lines.closes(brace + 1);
}

/** `try` statements that catch nothing and finish nothing once the doomed statements are gone; outermost ones only. */
export function hollowTries(statements: readonly ts.Statement[], doomed: Doomed): readonly ts.TryStatement[] {
  const found: ts.TryStatement[] = [];
  for (const statement of statements) {
    walkFunction(statement, (node) => {
      if (!ts.isTryStatement(node) || found.some((t) => contains(t, node))) return;
      const finishes = node.finallyBlock !== undefined && !doomed.finallies.has(node);
      const catches = node.catchClause !== undefined && !onlyRethrows(node.catchClause, doomed);
      if (!finishes && !catches) found.push(node);
    });
  }
  return found;
}

/** Whether a `try` may give its statements to the list around it: no names clash, and its lines are its own. */
export function canUnwrap(statement: ts.TryStatement, file: ts.SourceFile): boolean {
  const lines = new Lines(file.text);
  const { tryBlock, parent } = statement;
  if (!isList(parent) || !hasHeaderLine(statement, file)) return false;
  if (!lines.opens(tryBlock.end - 1) || !lines.closes(statement.end)) return false;
  const others: readonly ts.Statement[] = parent.statements.filter((s) => s !== statement);
  const names = declaredIn(tryBlock.statements);
  const comments = commentsIn([statement], file).some(({ pos }) => pos > tryBlock.end && pos < statement.end);
  return !comments && !others.some((s) => mentionsAny(s, names));
}

/** Takes the `try` away and leaves its statements where they are. */
export function unwrap({ rewriter, file }: Page, { tryBlock, end }: ts.TryStatement): void {
  const lines = new Lines(file.text);
  const header = tryBlock.getStart(file);
  rewriter.remove(lines.start(header), lines.next(header));
  rewriter.remove(lines.start(tryBlock.end), lines.next(end));
}

/** Whether the statement opens a transaction or the like: it belongs into the `try` whose `catch` undoes it. */
export function begins(statement: ts.Statement, { resource }: Held): boolean {
  const text = statement.getText();
  return (
    text.includes(resource) &&
    /['"`]\s*(?:BEGIN|START TRANSACTION)\b|\bbegin(?:Transaction)?\(|\bstartTransaction\(/i.test(text)
  );
}
