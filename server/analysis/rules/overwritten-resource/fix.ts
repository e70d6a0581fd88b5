import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { isStable } from '../../fixes/held.ts';
import { Lines } from '../../fixes/lines.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { withComments } from '../../fixes/tokens.ts';
import type { Overwritten } from '../../ownership/stores.ts';
import type { Acquisition } from '../../resources/model.ts';
import { enclosingRoot, enclosingStatement, isAsync } from '../../syntax/tree.ts';

/** Closes the old one before the new one takes its place. */
export function fixes(
  { unit }: FileAnalysis,
  { kept: { target }, assignment }: Overwritten,
  { preferred }: Acquisition,
): readonly Fix[] {
  const statement = enclosingStatement(assignment);
  if (preferred.by !== 'method' || preferred.statement || !isStable(target)) return [];
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return [];
  const waits = preferred.promise === true;
  if (waits && !isAsync(enclosingRoot(assignment))) return [];
  const lines = new Lines(unit.text);
  const { start } = withComments(statement, unit.file);
  if (!lines.opens(start)) return [];
  const indentation = unit.text.slice(lines.start(start), start);
  const end = unit.text.includes('\r\n') ? '\r\n' : '\n';
  const semicolon = statement.getText().endsWith(';') ? ';' : '';
  const call = `${waits ? 'await ' : ''}${target.getText()}?.${preferred.name}()${semicolon}`;
  const rewriter = new Rewriter();
  rewriter.insert(lines.start(start), `${indentation}${call}${end}`);
  return fixesOf(unit.path, [{ title: 'Close the old one first', safety: 'suggestion', edits: rewriter.edits() }]);
}
