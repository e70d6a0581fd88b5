import ts from 'typescript';
import { eventText, type Registration, registrationsOf } from '../contexts/registrations.ts';
import { removedBy } from '../contexts/removals.ts';
import type { Wait } from '../contexts/waits.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, contains, enclosingRoot, isFunctionLiteral, strip, walk } from '../syntax/tree.ts';
import { insertFirst, insertIntoConcise } from './insertion.ts';
import { Lines } from './lines.ts';
import { newListenerName, removalCall } from './listenerName.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import type { Page } from './wrap.ts';

interface Loser {
  readonly registration: Registration;
  readonly statement: ts.ExpressionStatement;
  readonly name: string;
  /** The statement that removes it. */
  readonly removal: string;
}

/** Gives each listener of a wait a name, and lets each way out remove the other ones. */
export function removeLosers(file: FileAnalysis, { executor, others }: Wait, own: Registration): FixPlan | undefined {
  const { unit } = file;
  if (others.length === 0 || others.some(({ kind }) => kind === 'race')) return undefined;
  const style = styleOf(unit.file);
  const tokens = new Set([own.token, ...others.map(({ token }) => token)]);
  const all = registrationsOf(unit.file).filter((it) => tokens.has(it.token) && contains(executor, it.call));
  const losers: Loser[] = [];
  for (const registration of all) {
    const { call } = registration;
    const statement = call.parent;
    if (!ts.isExpressionStatement(statement) || statement.parent !== executor.body) return undefined;
    const name = newListenerName(eventText(registration));
    const isTaken = unit.scopes.lookup(name, call) !== undefined || losers.some((it) => it.name === name);
    if (isTaken || removedBy(file.semantics, registration) !== 'nobody') return undefined;
    if (!isFunctionLiteral(strip(registration.handler)) && !isSettler(registration.handler, executor)) return undefined;
    losers.push({ registration, statement, name, removal: removalCall(registration, name) + style.end });
  }
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: unit.file, style };
  for (const loser of losers) {
    const goes = losers.filter((it) => it !== loser || !it.registration.once).map(({ removal }) => removal);
    nameIt(page, loser, goes);
  }
  for (const timer of timersIn(executor)) {
    const inner = strip(timer.arguments[0] as ts.Expression);
    const texts = losers.map(({ removal }) => removal);
    if (!isFunctionLiteral(inner)) return undefined;
    prepend(page, inner, texts);
  }
  return { title: 'Remove the other listener in each way out', safety: 'suggestion', edits: rewriter.edits() };
}

/** `resolve` or `reject` itself. */
function isSettler(handler: ts.Expression, executor: Wait['executor']): boolean {
  const inner = strip(handler);
  return ts.isIdentifier(inner) && executor.parameters.some(({ name }) => name.getText() === inner.text);
}

/** Declares the listener under its name before it is registered, with what it is to remove first. */
function nameIt(page: Page, { registration, statement, name }: Loser, goes: readonly string[]): void {
  const { rewriter, file, style } = page;
  const { handler } = registration;
  const { newline, unit, end } = style;
  const indent = new Lines(file.text).indentAt(statement.getStart());
  const inner = strip(handler);
  rewriter.replace(statement.getStart(), handler.getStart(), `const ${name} = `);
  if (isFunctionLiteral(inner)) prepend(page, inner, goes);
  else {
    const lines = [...goes, `${inner.getText()}(value)${end}`].map((it) => `${indent}${unit}${it}${newline}`);
    rewriter.replace(handler.getStart(), handler.end, `(value) => {${newline}${lines.join('')}${indent}}`);
  }
  const before = file.text.slice(statement.getStart(), handler.getStart());
  const after = file.text.slice(handler.end, statement.end);
  rewriter.insert(handler.end, `${end}${newline}${indent}${before}${name}`);
  rewriter.replace(handler.end, statement.end, after);
}

function prepend(page: Page, fn: ts.ArrowFunction | ts.FunctionExpression, texts: readonly string[]): void {
  if (texts.length === 0) return;
  if (ts.isBlock(fn.body)) insertFirst(page, fn.body, 0, texts);
  else insertIntoConcise(page, fn.body, texts);
}

function timersIn(executor: Wait['executor']): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  walk(executor.body, (node) => {
    if (!ts.isCallExpression(node) || calleeName(node)?.text !== 'setTimeout') return;
    if (enclosingRoot(node) === executor && node.arguments[0]) found.push(node);
  });
  return found;
}
