import type ts from 'typescript';
import { unstrip } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import { isList } from './removal.ts';
import { withComments } from './tokens.ts';
import type { Page } from './wrap.ts';

/** A place for new statements. */
export type Slot =
  /** As the first statements of a block from `index` on. */
  | { readonly at: 'first'; readonly block: ts.Block; readonly index: number }
  | { readonly at: 'before'; readonly statement: ts.Statement }
  /** Before the expression that is an arrow function's whole body. */
  | { readonly at: 'concise'; readonly body: ts.Expression };

/**
 * Puts lines before a statement, which gets a block where it has none. `deeper` is the indentation that the lines around
 * get by the same edit.
 */
export function insertBefore(
  { rewriter, file, style }: Page,
  statement: ts.Statement,
  texts: readonly string[],
  deeper = '',
): void {
  const lines = new Lines(file.text);
  const { newline, unit } = style;
  const start = statement.getStart(file);
  if (isList(statement.parent)) {
    const own = withComments(statement, file).start;
    if (!lines.opens(own)) rewriter.insert(start, `${texts.join(' ')} `);
    else rewriter.insert(lines.start(own), texts.map((text) => deeper + lines.indentAt(own) + text + newline).join(''));
    return;
  }
  const indent = deeper + lines.indentAt(statement.parent.getStart(file));
  const inner = texts.map((text) => `${newline}${indent}${unit}${text}`).join('');
  // The statement of an `if` may stand on a line of its own.
  const before = file.text.slice(0, start).trimEnd().length;
  rewriter.replace(before, start, ` {${inner}${newline}${indent}${unit}`);
  rewriter.insert(statement.end, `${newline}${indent}}`);
}

/** Puts lines into a block, before its statement number `index`. */
export function insertFirst(page: Page, block: ts.Block, index: number, texts: readonly string[]): void {
  const { rewriter, file, style } = page;
  const lines = new Lines(file.text);
  const next = block.statements[index];
  if (next) {
    insertBefore(page, next, texts);
    return;
  }
  const close = block.end - 1;
  const { newline, unit } = style;
  const indent = lines.indentAt(block.getStart(file));
  const inner = texts.map((text) => `${indent}${unit}${text}${newline}`).join('');
  const before = file.text.slice(0, close).trimEnd().length;
  if (lines.opens(close)) rewriter.insert(lines.start(close), inner);
  else rewriter.replace(before, close, `${newline}${inner}${indent}`);
}

/** Gives an arrow function a block for what comes before its expression. */
export function insertIntoConcise(
  { rewriter, file, style }: Page,
  body: ts.Expression,
  texts: readonly string[],
): void {
  const lines = new Lines(file.text);
  const { newline, unit, end } = style;
  const whole = unstrip(body);
  const indent = lines.indentAt(whole.parent.getStart(file));
  const inner = texts.map((text) => `${indent}${unit}${text}${newline}`).join('');
  rewriter.insert(whole.getStart(file), `{${newline}${inner}${indent}${unit}return `);
  rewriter.insert(whole.end, `${end}${newline}${indent}}`);
}
