import ts from 'typescript';
import { strip } from '../syntax/tree.ts';
import { isStable } from './held.ts';
import { Lines } from './lines.ts';
import type { Rewriter } from './rewriter.ts';
import { commentsIn, withComments } from './tokens.ts';

/** Statements that go, with what they leave empty. */
export interface Doomed {
  /** Whole statements, outermost ones only. */
  readonly statements: ReadonlySet<ts.Statement>;
  /** `if` statements that lose their `else`. */
  readonly elses: ReadonlySet<ts.IfStatement>;
  /** `try` statements whose `finally` has nothing left to do. */
  readonly finallies: ReadonlySet<ts.TryStatement>;
}

/** Adds to the statements what would be left empty by their removal; `undefined` when one has no place to be removed from. */
export function doom(released: Iterable<ts.Statement>): Doomed | undefined {
  const statements = new Set<ts.Statement>(released);
  const elses = new Set<ts.IfStatement>();
  const finallies = new Set<ts.TryStatement>();
  for (const statement of statements) {
    const { parent } = statement;
    const emptied = ts.isBlock(parent) && parent.statements.every((s) => statements.has(s)) ? parent : undefined;
    const branch = emptied ?? statement;
    const owner = branch.parent;
    if (ts.isIfStatement(owner)) {
      if (owner.elseStatement === branch) elses.add(owner);
      else if (emptied && owner.elseStatement && !elses.has(owner)) continue;
      else if (isPure(owner.expression) && (!owner.elseStatement || elses.has(owner))) statements.add(owner);
      else if (!emptied) return undefined;
    } else if (emptied && ts.isTryStatement(owner)) {
      if (owner.finallyBlock === emptied) finallies.add(owner);
    } else if (emptied && isList(owner)) statements.add(emptied);
    else if (!isList(parent)) return undefined;
  }
  for (const owner of elses) if (owner.elseStatement && statements.has(owner.thenStatement)) statements.add(owner);
  const inner = (node: ts.Statement): boolean => {
    for (let current: ts.Node = node.parent; current; current = current.parent) {
      if (statements.has(current as ts.Statement)) return true;
    }
    return false;
  };
  return { statements: new Set([...statements].filter((s) => !inner(s))), elses, finallies };
}

function isPure(condition: ts.Expression): boolean {
  const expression = strip(condition);
  if (ts.isBinaryExpression(expression)) {
    const kind = expression.operatorToken.kind;
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return !assigns && isPure(expression.left) && isPure(expression.right);
  }
  if (ts.isPrefixUnaryExpression(expression)) return isPure(expression.operand);
  return isStable(expression) || ts.isLiteralExpression(expression) || isConstant(expression);
}

const isConstant = ({ kind }: ts.Expression): boolean =>
  kind === ts.SyntaxKind.NullKeyword || kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;

export type StatementList = ts.Block | ts.SourceFile | ts.CaseOrDefaultClause | ts.ModuleBlock;

/** Whether the node is something that holds a list of statements. */
export const isList = (node: ts.Node): node is StatementList =>
  ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node) || ts.isModuleBlock(node);

/** Removes what is doomed and answers the comments that stood there, for another place. */
export function removeDoomed(rewriter: Rewriter, file: ts.SourceFile, doomed: Doomed): readonly string[] {
  const comments: string[] = [];
  const keep = (nodes: readonly ts.Node[], start: number, end: number): void => {
    for (const { pos, end: stop } of commentsIn(nodes, file)) {
      const text = file.text.slice(pos, stop);
      if (pos >= start && stop <= end && !comments.includes(text)) comments.push(text);
    }
  };
  const inside = (node: ts.Node): boolean => [...doomed.statements].some((s) => s.pos <= node.pos && node.end <= s.end);
  for (const statement of doomed.statements) {
    const span = removeStatement(rewriter, file, statement);
    keep([statement], span.start, span.end);
  }
  for (const { thenStatement, elseStatement } of doomed.elses) {
    if (!elseStatement || inside(elseStatement)) continue;
    rewriter.remove(thenStatement.end, elseStatement.end);
    keep([elseStatement], thenStatement.end, elseStatement.end);
  }
  for (const { catchClause, finallyBlock } of doomed.finallies) {
    if (!finallyBlock || !catchClause || inside(finallyBlock)) continue;
    rewriter.remove(catchClause.end, finallyBlock.end);
    keep([finallyBlock], catchClause.end, finallyBlock.end);
  }
  return comments;
}

/** Removes a statement with its lines, its comments and the blank line that would be left too many. */
function removeStatement(
  rewriter: Rewriter,
  file: ts.SourceFile,
  statement: ts.Statement,
): { readonly start: number; readonly end: number } {
  const lines = new Lines(file.text);
  const end = withComments(statement, file).end;
  const start = attachedStart(statement, file, lines);
  if (!lines.opens(start) || !lines.closes(end)) {
    const before = file.text.slice(0, start).trimEnd().length;
    rewriter.remove(Math.max(before, lines.start(start)), end);
    return { start, end };
  }
  let from = lines.start(start);
  let to = lines.next(end);
  const previous = from === 0 ? undefined : lines.start(from - 1);
  const afterGap = previous === undefined || lines.isBlank(previous) || /\{\s*$/.test(file.text.slice(previous, from));
  if (afterGap && to < file.text.length && lines.isBlank(to)) to = lines.next(to);
  else if (previous !== undefined && lines.isBlank(previous) && /^\s*\}/.test(file.text.slice(to, lines.end(to))))
    from = previous;
  rewriter.remove(from, to);
  return { start, end };
}

const aboutReleasing =
  /releas|return|give|giving|put|back|clos|free|clean|done|unlock|pool|client|connection|eslint|biome|@ts-/i;

/** The start of the comment lines that stand directly above the statement, or its own. */
function attachedStart(statement: ts.Statement, file: ts.SourceFile, lines: Lines): number {
  let start = statement.getStart(file);
  const above = ts.getLeadingCommentRanges(file.text, statement.pos) ?? [];
  const isFollowed = !/^\s*(?:\}|$)/.test(
    file.text.slice(lines.next(statement.end), lines.end(lines.next(statement.end))),
  );
  const words = above.map(({ pos, end }) => file.text.slice(pos, end)).join(' ');
  // A comment above a group of statements is about the group, unless it speaks of giving back.
  if (isFollowed && !aboutReleasing.test(words)) return start;
  for (const comment of [...above].reverse()) {
    const isAdjacent =
      lines.next(comment.end) === lines.start(start) || lines.start(comment.end) === lines.start(start);
    if (!isAdjacent || !lines.opens(comment.pos)) break;
    start = comment.pos;
  }
  return start;
}
