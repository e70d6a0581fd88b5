import ts from 'typescript';
import type { Span } from '../finding.ts';
import { Lines } from './lines.ts';
import type { Rewriter } from './rewriter.ts';

/** Calls `visit` for every token of the node. */
function eachToken(node: ts.Node, file: ts.SourceFile, visit: (token: ts.Node) => void): void {
  const children = node.getChildren(file);
  if (children.length === 0) visit(node);
  else for (const child of children) if (child.kind !== ts.SyntaxKind.JSDoc) eachToken(child, file, visit);
}

/** The comments that stand inside the nodes and around their tokens, in order. */
export function commentsIn(nodes: readonly ts.Node[], file: ts.SourceFile): readonly ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  for (const node of nodes) {
    eachToken(node, file, (token) => {
      if (token.kind === ts.SyntaxKind.JsxText) return;
      const before = ts.getLeadingCommentRanges(file.text, token.pos) ?? [];
      const after = ts.getTrailingCommentRanges(file.text, token.end) ?? [];
      for (const comment of [...before, ...after]) found.set(comment.pos, comment);
    });
  }
  return [...found.values()].sort((a, b) => a.pos - b.pos);
}

/** The parts of the nodes whose line starts belong to a value or a drawing: white space there must not change. */
function untouchable(nodes: readonly ts.Node[], file: ts.SourceFile): readonly Span[] {
  const spans: Span[] = [];
  for (const node of nodes) {
    eachToken(node, file, (token) => {
      const isTemplate =
        token.kind >= ts.SyntaxKind.FirstTemplateToken && token.kind <= ts.SyntaxKind.LastTemplateToken;
      if (isTemplate || ts.isStringLiteral(token)) spans.push({ start: token.getStart(file), end: token.end });
    });
  }
  for (const comment of commentsIn(nodes, file)) {
    const [, ...rest] = file.text.slice(comment.pos, comment.end).split('\n');
    if (rest.some((line) => !line.trimStart().startsWith('*'))) spans.push({ start: comment.pos, end: comment.end });
  }
  return spans;
}

/** Deepens the lines that start in `span`; `nodes` are all the nodes in it. */
export function indentLines(
  rewriter: Rewriter,
  file: ts.SourceFile,
  span: Span,
  nodes: readonly ts.Node[],
  unit: string,
): void {
  const lines = new Lines(file.text);
  const spared = untouchable(nodes, file);
  const first = lines.start(span.start) === span.start ? span.start : lines.next(span.start);
  for (let at = first; at < span.end; at = lines.next(at)) {
    if (!lines.isBlank(at) && !spared.some(({ start, end }) => start < at && at < end)) rewriter.indent(at, unit);
    if (lines.next(at) <= at) break;
  }
}

/** The statement with the comments that stand on lines of their own above it and behind it on its last line. */
export function withComments(statement: ts.Statement, file: ts.SourceFile): Span {
  const before = ts.getLeadingCommentRanges(file.text, statement.pos)?.[0];
  const after = ts.getTrailingCommentRanges(file.text, statement.end)?.at(-1);
  return { start: before?.pos ?? statement.getStart(file), end: after?.end ?? statement.end };
}
