import ts from 'typescript';
import type { Finding } from '../../analysis/finding.ts';
import { parseUnit } from '../../analysis/syntax/unit.ts';
import { LineMap } from '../files/lineMap.ts';
import type { LocatedEdit } from './protocol.ts';

/** Stands for the reason that a person will write. */
const reasonPlaceholder = '$REASON';

/**
 * The comment that ignores a finding: merged into one that governs the line already, else on a line of its own above,
 * else, where that would become part of a text, right before the call.
 */
export function suppressionEdit(path: string, text: string, { rule, span }: Finding): LocatedEdit {
  const { file } = parseUnit(path, text);
  const lines = new LineMap(text);
  const edit = (start: number, end: number, insert: string): LocatedEdit => ({
    start: lines.position(start),
    end: lines.position(end),
    text: insert,
  });
  const starts = file.getLineStarts();
  const line = file.getLineAndCharacterOfPosition(span.start).line;
  const lineStart = starts[line] ?? 0;
  const existing = governingComment(text, starts, line);
  if (existing !== undefined) return edit(existing, existing, `, ${rule}`);
  const comment = `leakproof-ignore ${rule}${reasonPlaceholder}`;
  const around = textAround(file, lineStart);
  if (around === 'text') {
    const before = callStart(file, span.start);
    return edit(before, before, `/* ${comment} */ `);
  }
  const indent = /^[^\S\r\n]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const written = around === 'jsx' ? `{/* ${comment} */}` : `// ${comment}`;
  return edit(lineStart, lineStart, `${indent}${written}${lineEndOf(text)}`);
}

function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The comment that ignores a finding's rule in the whole file: its first line, below what must be the first. */
export function fileSuppressionEdit(text: string, { rule }: Finding): LocatedEdit {
  const lineEnd = lineEndOf(text);
  const start = new LineMap(text).position(/^#!.*(?:\r?\n)?/.exec(text)?.[0].length ?? 0);
  return { start, end: start, text: `/* leakproof-ignore-file ${rule}${reasonPlaceholder} */${lineEnd}` };
}

/** Where a rule is added to the list of a comment that governs the line, if there is one above it or on it. */
function governingComment(text: string, starts: readonly number[], line: number): number | undefined {
  const directive = /(?:\/\/|\/\*)[ \t]*leakproof-ignore(?![\w-])[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/d;
  const own = (at: number): number | undefined => {
    const match = directive.exec(text.slice(starts[at], starts[at + 1]));
    const end = match?.indices?.[1]?.[1];
    return end === undefined ? undefined : (starts[at] ?? 0) + end;
  };
  const onLine = own(line);
  if (onLine !== undefined) return onLine;
  for (let above = line - 1; above >= 0; above--) {
    const content = text.slice(starts[above], starts[above + 1]).trim();
    if (content !== '' && !/^(?:\{\s*)?(?:\/\/|\/\*|\*)/.test(content)) return undefined;
    const found = own(above);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a new line at the position would be part of. */
function textAround(file: ts.SourceFile, position: number): 'code' | 'jsx' | 'text' {
  let current: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(current, (node) =>
      node.pos <= position && position < node.end ? node : undefined,
    );
    if (!child) break;
    current = child;
  }
  if (ts.isJsxText(current)) return 'jsx';
  const isText = ts.isStringLiteralLike(current) || ts.isTemplateLiteralToken(current);
  if (isText && current.getStart(file) < position) return 'text';
  // Between the children of an element everything is text, too; between its attributes comments are allowed.
  const isBetween = (ts.isJsxElement(current) || ts.isJsxFragment(current)) && position > current.getStart(file);
  return isBetween || startsJsxChild(current, position, file) ? 'jsx' : 'code';
}

function startsJsxChild(node: ts.Node, position: number, file: ts.SourceFile): boolean {
  return (
    (ts.isJsxExpression(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node)) &&
    (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)) &&
    position <= node.getStart(file)
  );
}

function callStart(file: ts.SourceFile, position: number): number {
  let start = position;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > position || node.end <= position) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) start = node.getStart(file);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return start;
}
