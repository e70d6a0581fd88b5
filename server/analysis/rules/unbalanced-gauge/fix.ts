import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { type FixPlan, fixesOf } from '../../fixes/plan.ts';
import { doom, isList, removeDoomed } from '../../fixes/removal.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { styleOf } from '../../fixes/style.ts';
import { wrapInTry } from '../../fixes/wrap.ts';
import type { Unbalanced } from '../../gauges/pairs.ts';
import { some, someInFunction } from '../../syntax/tree.ts';

/** Lowers in `finally` what is raised and lowered in one list of statements. */
export function fixes(file: FileAnalysis, unbalanced: Unbalanced): readonly Fix[] {
  return fixesOf(file.unit.path, [lowerInFinally(file, unbalanced)]);
}

function lowerInFinally({ unit }: FileAnalysis, { raise, lower, lowers }: Unbalanced): FixPlan | undefined {
  const raised = statementOf(raise.node);
  const lowered = statementOf(lower.node);
  if (!raised || !lowered || lowers.length !== 1 || raised.parent !== lowered.parent) return undefined;
  const list = raised.parent;
  if (!isList(list)) return undefined;
  const from = list.statements.indexOf(raised) + 1;
  const at = list.statements.indexOf(lowered);
  if (at <= from) return undefined;
  const later = list.statements.slice(at + 1);
  const between = list.statements.slice(from, at);
  // What is declared in between and needed later comes along, if it can wait for nothing.
  const along = later.findLastIndex((statement) => usesAny(statement, between)) + 1;
  const moved = later.slice(0, along);
  if (later.slice(along).some((statement) => usesAny(statement, moved))) return undefined;
  const doomed = doom([lowered]);
  if (!doomed) return undefined;
  const rewriter = new Rewriter();
  const page = { rewriter, file: unit.file, style: styleOf(unit.file) };
  const comments = removeDoomed(rewriter, unit.file, doomed);
  const text = unit.text.slice(lowered.getStart(unit.file), lowered.end);
  if (text.includes('\n')) return undefined;
  wrapInTry(
    page,
    { list, from, to: along > 0 ? at + along : at - 1 },
    { doomed, unwrapped: [] },
    { keyword: 'finally', lines: [...comments, text] },
  );
  return {
    title: 'Lower in `finally`',
    // What comes along is then counted, too.
    safety: moved.some(waits) ? 'suggestion' : 'safe',
    edits: rewriter.edits(),
  };
}

function statementOf(node: ts.Expression): ts.ExpressionStatement | undefined {
  return ts.isExpressionStatement(node.parent) ? node.parent : undefined;
}

function usesAny(statement: ts.Statement, declaring: readonly ts.Statement[]): boolean {
  const names = new Set<string>();
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  for (const each of declaring) {
    if (ts.isVariableStatement(each)) for (const { name } of each.declarationList.declarations) add(name);
    else if ((ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each)) && each.name) add(each.name);
  }
  return some(statement, (node) => ts.isIdentifier(node) && names.has(node.text));
}

function waits(statement: ts.Statement): boolean {
  return someInFunction(
    statement,
    (node) => ts.isAwaitExpression(node) || ts.isForOfStatement(node) || ts.isYieldExpression(node),
  );
}
