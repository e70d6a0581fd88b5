import ts from 'typescript';
import type { ClearedEarly } from '../../bounds/clearedEarly.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { isStable } from '../../fixes/held.ts';
import { Lines } from '../../fixes/lines.ts';
import { type FixPlan, fixesOf } from '../../fixes/plan.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { contains, enclosingStatement, strip } from '../../syntax/tree.ts';

/** Moves the `clearTimeout` behind the body; where there is no such place, a signal of its own covers both. */
export function fixes(file: FileAnalysis, early: ClearedEarly): readonly Fix[] {
  return fixesOf(file.unit.path, [moved(file, early), covered(file, early)]);
}

function moved({ unit: { file } }: FileAnalysis, { clear, read }: ClearedEarly): FixPlan | undefined {
  const statement = enclosingStatement(clear);
  const list = statement.parent;
  if (!read || !ts.isExpressionStatement(statement) || statement.expression !== clear || !ts.isBlock(list))
    return undefined;
  const target = list.statements.find((candidate) => contains(candidate, read));
  // Only a statement that always goes on to the next one has a place behind it.
  if (
    !target ||
    !(ts.isVariableStatement(target) || ts.isExpressionStatement(target)) ||
    ts.isTryStatement(list.parent)
  )
    return undefined;
  const lines = new Lines(file.text);
  const start = lines.start(statement.getStart());
  if (!lines.opens(statement.getStart()) || !lines.closes(statement.end)) return undefined;
  const rewriter = new Rewriter();
  rewriter.remove(start, lines.next(statement.end));
  rewriter.insert(lines.next(target.end), file.text.slice(start, lines.next(statement.end)));
  return { title: 'Clear the timeout after the body is read', safety: 'suggestion', edits: rewriter.edits() };
}

function covered(_file: FileAnalysis, { timer, signal }: ClearedEarly): FixPlan | undefined {
  const [, ms] = timer.arguments;
  if (!ms || !(isStable(ms) || ts.isNumericLiteral(strip(ms)))) return undefined;
  const rewriter = new Rewriter();
  const text = `AbortSignal.any([${signal.getText()}, AbortSignal.timeout(${ms.getText()})])`;
  if (ts.isShorthandPropertyAssignment(signal.parent)) rewriter.insert(signal.end, `: ${text}`);
  else rewriter.replace(signal.getStart(), signal.end, text);
  return { title: 'Let a signal cover the body, too', safety: 'suggestion', edits: rewriter.edits() };
}
