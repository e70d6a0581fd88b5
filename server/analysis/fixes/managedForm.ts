import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { contains, enclosingRoot, isAsync, strip, unstrip, walkFunction } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { mentions } from './releases.ts';
import { doom, isList, removeDoomed, type StatementList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { indentLines, withComments } from './tokens.ts';
import { declaredIn, mentionsAny } from './uses.ts';

/**
 * `const t = await db.transaction(); …; await t.commit();` as `await db.transaction(async (t) => { … });`, where the library
 * takes a function and ends the transaction by itself.
 */
export function managedForm({ unit: { file } }: FileAnalysis, solved: SolvedObligation): FixPlan | undefined {
  const begun = begunBy(solved);
  if (!begun) return undefined;
  const { statement, name, list, commit } = begun;
  const from = list.statements.indexOf(statement) + 1;
  const end = list.statements.indexOf(commit);
  const body = list.statements.slice(from, end);
  const after = list.statements.slice(end + 1);
  const [result] = after;
  const isRead = after.some((s) => mentionsAny(s, [name, ...declaredIn(body)]));
  const returns = isRead && after.length === 1 && result && ts.isReturnStatement(result) ? result : undefined;
  const doomed = doom([commit]);
  const lines = new Lines(file.text);
  if (!doomed || body.length === 0 || (isRead && !returns) || body.some(leaves)) return undefined;
  if ([statement, ...body, commit, ...(returns ? [returns] : [])].some((s) => !lines.opens(s.getStart(file))))
    return undefined;
  const { newline, unit, end: semicolon } = styleOf(file);
  const inside = returns ? [...body, commit, returns] : [...body, commit];
  const last = inside.at(-1) as ts.Statement;
  const rewriter = new Rewriter();
  const call = solved.obligation.site.expression.getText();
  rewriter.replace(
    statement.getStart(file),
    statement.end,
    `${returns ? 'return' : 'await'} ${call}(async (${name.text}) => {`,
  );
  const span = { start: lines.next(statement.end), end: withComments(last, file).end };
  indentLines(rewriter, file, span, inside, unit);
  removeDoomed(rewriter, file, doomed);
  const stop = returns ? span.end : withComments(body.at(-1) as ts.Statement, file).end;
  rewriter.insert(stop, `${newline}${lines.indentAt(statement.getStart(file))}})${semicolon}`);
  return { title: 'Let the library end the transaction', safety: 'suggestion', edits: rewriter.edits() };
}

interface Begun {
  readonly statement: ts.VariableStatement;
  readonly name: ts.Identifier;
  readonly list: StatementList;
  readonly commit: ts.Statement;
}

/** A transaction that is begun and committed once, in one list of statements of an asynchronous function. */
function begunBy({ obligation, exploration }: SolvedObligation): Begun | undefined {
  const { acquisition, site } = obligation;
  const isManageable = acquisition.unless?.some((c) => c.argument === 0 && c.is === 'function' && !c.option);
  const value = unstrip(site).parent;
  const fn = enclosingRoot(site);
  if (!isManageable || (site.arguments?.length ?? 0) > 0 || !ts.isAwaitExpression(value)) return undefined;
  const declaration = unstrip(value).parent;
  if (ts.isSourceFile(fn) || !isAsync(fn) || exploration.handovers.length > 0) return undefined;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const statement = declaration.parent.parent;
  const [only, ...others] = [...exploration.discharges];
  if (!only || others.length > 0 || !ts.isVariableStatement(statement) || !isList(statement.parent)) return undefined;
  if (statement.declarationList.declarations.length > 1) return undefined;
  const list = statement.parent;
  const commit = list.statements.find((s) => contains(s, only.syntax));
  const name = declaration.name;
  return commit && isCommit(commit, name) ? { statement, name, list, commit } : undefined;
}

/** `await t.commit();` and nothing else. */
function isCommit(statement: ts.Statement, { text }: ts.Identifier): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const waited = strip(statement.expression);
  const call = ts.isAwaitExpression(waited) ? strip(waited.expression) : waited;
  return ts.isCallExpression(call) && call.arguments.length === 0 && call.expression.getText() === `${text}.commit`;
}

/** Whether something in the statement means the function around it. */
function leaves(statement: ts.Statement): boolean {
  let found = mentions(statement, (name) => name.text === 'arguments').length > 0;
  walkFunction(statement, (node) => {
    found ||=
      ts.isReturnStatement(node) ||
      ts.isYieldExpression(node) ||
      ts.isBreakOrContinueStatement(node) ||
      (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped));
  });
  return found;
}
