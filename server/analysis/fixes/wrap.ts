import ts from 'typescript';
import { Lines } from './lines.ts';
import { type Doomed, isList, type StatementList } from './removal.ts';
import type { Rewriter } from './rewriter.ts';
import type { Style } from './style.ts';
import { indentLines, withComments } from './tokens.ts';

/** Where text goes, and how it has to look there. */
export interface Page {
  readonly rewriter: Rewriter;
  readonly file: ts.SourceFile;
  readonly style: Style;
}

/** A run of statements of one list. */
export interface Range {
  readonly list: StatementList;
  readonly from: number;
  readonly to: number;
}

/** The list a statement stands in, if it stands in one. */
export function listOf(statement: ts.Statement): StatementList | undefined {
  return isList(statement.parent) ? statement.parent : undefined;
}

/** The indentation of the statements of a list; one that is written on a single line gets lines of its own. */
export function indentOf({ file, style }: Page, list: StatementList, statement: ts.Statement): string {
  const lines = new Lines(file.text);
  const start = statement.getStart(file);
  if (lines.opens(start)) return lines.indentAt(start);
  return lines.indentAt(list.getStart(file)) + (ts.isSourceFile(list) ? '' : style.unit);
}

/** What happens inside a range while it is wrapped. */
export interface Inside {
  readonly doomed: Doomed;
  /** `try` statements that lose their header: their statements are deep enough already. */
  readonly unwrapped: readonly ts.TryStatement[];
}

/** Everything inside stays as it is. */
export const untouched: Inside = {
  doomed: { statements: new Set(), elses: new Set(), finallies: new Set() },
  unwrapped: [],
};

/** What follows the `try` block. */
export interface Closing {
  /** `finally`, `catch (error)` */
  readonly keyword: string;
  readonly lines: readonly string[];
  /** What comes before the `try`. */
  readonly before?: readonly string[] | undefined;
}

/** Puts a range into `try { … } finally { … }`. */
export function wrapInTry(page: Page, range: Range, inside: Inside, { keyword, lines, before = [] }: Closing): void {
  const inner = lines.map((line) => page.style.unit + line);
  wrapIn(page, range, inside, { head: [...before, 'try {'], tail: [`} ${keyword} {`, ...inner, '}'] });
}

/** The lines before and after a range that goes one level deeper. */
export interface Wrapping {
  readonly head: readonly string[];
  readonly tail: readonly string[];
}

export function wrapIn(page: Page, range: Range, { doomed, unwrapped }: Inside, wrapping: Wrapping): void {
  const { rewriter, file, style } = page;
  const { list, from, to } = range;
  const { newline, unit } = style;
  const first = list.statements[from] as ts.Statement;
  const last = list.statements[to] as ts.Statement;
  const lines = new Lines(file.text);
  const indent = indentOf(page, list, list.statements[Math.max(from - 1, 0)] as ts.Statement);
  const start = withComments(first, file).start;
  const end = withComments(last, file).end;
  const head = wrapping.head.map((line) => `${indent}${line}${newline}`).join('');
  if (lines.opens(start)) rewriter.insert(lines.start(start), head);
  else breakBefore(page, first, `${head}${indent}${unit}`);
  for (const statement of list.statements.slice(from + 1, to + 1)) {
    if (!doomed.statements.has(statement)) breakUnlessOpen(page, statement, indent + unit);
  }
  let position = lines.opens(start) ? lines.start(start) : start;
  for (const { tryBlock } of unwrapped) {
    const opening = lines.next(tryBlock.getStart(file));
    indentLines(rewriter, file, { start: position, end: opening }, between(range), unit);
    position = lines.start(tryBlock.end);
  }
  indentLines(rewriter, file, { start: position, end }, between(range), unit);
  rewriter.insert(end, wrapping.tail.map((line) => `${newline}${indent}${line}`).join(''));
  const next = list.statements.slice(to + 1).find((s) => !doomed.statements.has(s));
  if (next) breakUnlessOpen(page, next, indent);
  else closeOnOwnLine(page, list, end);
}

const between = ({ list, from, to }: Range): readonly ts.Statement[] => list.statements.slice(from, to + 1);

function breakUnlessOpen(page: Page, statement: ts.Statement, indent: string): void {
  const { start } = withComments(statement, page.file);
  if (!new Lines(page.file.text).opens(start)) breakBefore(page, statement, indent);
}

/** Starts a new line before a statement that shares its line with what comes before. */
function breakBefore({ rewriter, file, style }: Page, statement: ts.Statement, text: string): void {
  const { start } = withComments(statement, file);
  const before = file.text.slice(0, start).trimEnd().length;
  rewriter.remove(before, start);
  rewriter.insert(start, style.newline + text);
}

/** Moves the brace that closes a list to a line of its own. */
function closeOnOwnLine({ rewriter, file, style }: Page, list: StatementList, end: number): void {
  const lines = new Lines(file.text);
  if (!ts.isBlock(list) || lines.opens(list.end - 1)) return;
  const before = file.text.slice(0, list.end - 1).trimEnd().length;
  rewriter.remove(Math.max(before, end), list.end - 1);
  rewriter.insert(list.end - 1, style.newline + lines.indentAt(list.getStart(file)));
}
