import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { insertFirst } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Prints the error that a `catch` drops. */
export function printError({ unit }: FileAnalysis, clause: ts.Node): FixPlan | undefined {
  if (!ts.isCatchClause(clause) || clause.block.statements.length > 0) return undefined;
  const { variableDeclaration: caught, block } = clause;
  if (caught && !ts.isIdentifier(caught.name)) return undefined;
  const rewriter = new Rewriter();
  if (!caught) rewriter.insert(clause.getStart(unit.file) + 'catch'.length, ' (error)');
  const style = styleOf(unit.file);
  insertFirst({ rewriter, file: unit.file, style }, block, 0, [
    `console.error(${caught?.name.getText(unit.file) ?? 'error'})${style.end}`,
  ]);
  return { title: 'Print the error', safety: 'suggestion', edits: rewriter.edits() };
}
