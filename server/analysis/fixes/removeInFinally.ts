import ts from 'typescript';
import { handlerLiteral, type Registration } from '../contexts/registrations.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, isAsync, someInFunction, strip, walkFunction } from '../syntax/tree.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { untouched, wrapInTry } from './wrap.ts';

/** Puts what follows the registration into a `try` whose `finally` removes the listener, by one name. */
export function removeInFinally(file: FileAnalysis, registration: Registration): FixPlan | undefined {
  const { call, handler, event, emitter, token } = registration;
  const { unit } = file;
  const statement = call.parent;
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return undefined;
  const list = statement.parent;
  const next = list.statements.indexOf(statement) + 1;
  const rest = list.statements.slice(next);
  // A promise that is returned without `await` settles after the `finally`.
  if (!isAsync(enclosingRoot(call)) || !rest.some(waits) || rest.some(returnsUnsettled)) return undefined;
  const named = ts.isIdentifier(strip(handler));
  if (!named && (!handlerLiteral(handler) || unit.scopes.lookup('onAbort', call))) return undefined;
  const name = named ? handler.getText() : 'onAbort';
  const style = styleOf(unit.file);
  const rewriter = new Rewriter();
  if (!named) {
    const text = unit.text.slice(handler.getStart(), handler.end);
    rewriter.insert(
      statement.getStart(),
      `const onAbort = ${text}${style.end}${style.newline}${indentOf(unit.text, statement)}`,
    );
    rewriter.replace(handler.getStart(), handler.end, name);
  }
  const object = unit.text.slice(emitter.getStart(), token.getStart());
  const removal = token.text === 'addEventListener' ? 'removeEventListener' : 'removeListener';
  wrapInTry({ rewriter, file: unit.file, style }, { list, from: next, to: list.statements.length - 1 }, untouched, {
    keyword: 'finally',
    lines: [`${object}${removal}(${event.getText()}, ${name})${style.end}`],
  });
  return { title: 'Remove it in `finally`', safety: 'suggestion', edits: rewriter.edits() };
}

/** Whether a function waits in a statement. */
export function waits(statement: ts.Statement): boolean {
  return someInFunction(
    statement,
    (node) => ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined),
  );
}

/** Whether a statement returns what may not be settled yet: a `finally` around it comes too early. */
export function returnsUnsettled(statement: ts.Statement): boolean {
  let found = false;
  walkFunction(statement, (node) => {
    if (!ts.isReturnStatement(node) || !node.expression) return;
    const value = strip(node.expression);
    found ||= ts.isCallExpression(value) || ts.isNewExpression(value) || ts.isConditionalExpression(value);
  });
  return found;
}

function indentOf(text: string, node: ts.Node): string {
  const start = node.getStart();
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? '';
}
