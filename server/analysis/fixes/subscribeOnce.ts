import ts from 'typescript';
import type { Registration } from '../contexts/registrations.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, isAsync, someInFunction } from '../syntax/tree.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { planModule } from './newModule.ts';
import type { FixPlan } from './plan.ts';
import { processSignals } from './processSignals.ts';
import { Rewriter } from './rewriter.ts';
import { dependsOnLocals, topLevel } from './shareInModule.ts';
import { styleOf } from './style.ts';
import { withComments } from './tokens.ts';
import { type Page, untouched, wrapInTry } from './wrap.ts';

/** The statement that registers, where it is one of a block in a function. */
function statementOf({ call }: Registration): (ts.ExpressionStatement & { readonly parent: ts.Block }) | undefined {
  const { parent } = call;
  return ts.isExpressionStatement(parent) && ts.isBlock(parent.parent)
    ? (parent as ts.ExpressionStatement & { readonly parent: ts.Block })
    : undefined;
}

/** Moves a registration whose listener needs nothing of its function to the top level of the module. */
export function registerOnce(file: FileAnalysis, registration: Registration): FixPlan | undefined {
  const statement = statementOf(registration);
  const outer = statement && topLevel(statement);
  const { unit } = file;
  if (!statement || !outer || dependsOnLocals(unit.scopes, registration.call, outer)) return undefined;
  const lines = new Lines(unit.text);
  const { newline } = styleOf(unit.file);
  const rewriter = new Rewriter();
  const { start, end } = withComments(statement, unit.file);
  if (!lines.opens(start) || !lines.closes(end)) return undefined;
  rewriter.remove(lines.start(start), lines.next(end));
  const text = unit.text.slice(statement.getStart(), statement.end);
  const indent = lines.indentAt(statement.getStart());
  const moved = text.replaceAll(`${newline}${indent}`, newline);
  rewriter.insert(lines.start(withComments(outer, unit.file).start), moved + newline + newline);
  return { title: 'Register once, at module level', safety: 'suggestion', edits: rewriter.edits() };
}

/** Subscribes to a hub that registers one handler, and unsubscribes when the work or its owner is done. */
export function subscribeToHub(file: FileAnalysis, registration: Registration): FixPlan | undefined {
  const { call, eventName, token, emitter } = registration;
  const statement = statementOf(registration);
  if (!statement || !/^SIG[A-Z0-9]+$/.test(eventName ?? '') || token.text === 'once') return undefined;
  if (emitter.getText() !== 'process' || call.arguments.length !== 2) return undefined;
  const { unit } = file;
  if (unit.scopes.lookup('unsubscribe', call) || unit.scopes.lookup('subscribe', call)) return undefined;
  const hub = planModule(file, processSignals, ['subscribe']);
  if (!hub) return undefined;
  const style = styleOf(unit.file);
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file: unit.file, style };
  hub.addImport(rewriter);
  rewriter.replace(statement.getStart(), call.expression.end, 'const unsubscribe = subscribe');
  const list = statement.parent;
  const next = list.statements.indexOf(statement) + 1;
  const rest = list.statements.slice(next);
  const owner = ownerOf(enclosingRoot(call));
  if (isAsync(enclosingRoot(call)) && rest.some(waits)) {
    const range = { list, from: next, to: list.statements.length - 1 };
    wrapInTry(page, range, untouched, { keyword: 'finally', lines: [`unsubscribe()${style.end}`] });
  } else if (owner !== undefined) {
    insertFirst(page, list, next, [`${owner}.once(${quoted(registration, 'close')}, unsubscribe)${style.end}`]);
  } else return undefined;
  return {
    title: 'Subscribe to one handler of the process',
    safety: 'suggestion',
    edits: rewriter.edits(),
    created: hub.created,
  };
}

function waits(statement: ts.Statement): boolean {
  return someInFunction(
    statement,
    (node) => ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined),
  );
}

/** The parameter for which the work is done, and whose `close` ends it. */
function ownerOf(root: ts.Node): string | undefined {
  if (!ts.isFunctionLike(root)) return undefined;
  const names = root.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  return names.find((it) => /^(?:res|response|socket|ws|conn|connection|stream)$/.test(it));
}

function quoted({ event }: Registration, text: string): string {
  const quote = event.getText().charAt(0) === '"' ? '"' : "'";
  return quote + text + quote;
}
