import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, contains, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import type { Registration } from './registrations.ts';
import { functionOf } from './removals.ts';

/** A read at start of what a signal reads again, whose error is dropped. */
export interface DroppedRead {
  readonly token: ts.Node;
  /** What is read, as it is written. */
  readonly source: ts.Expression;
  /** What drops the error. */
  readonly drop: ts.Node;
}

const reads = /^(?:readFile|readFileSync)$/;

/** The reads outside of a signal's handler that read the same and drop their error. */
export function droppedReads(file: FileAnalysis, { handler: given }: Registration): readonly DroppedRead[] {
  const handler = functionOf(file.semantics, given);
  if (!handler?.body || handler.getSourceFile() !== file.unit.file) return [];
  const again = new Set<string>();
  const others: ts.CallExpression[] = [];
  for (const call of file.unit.scopes.calls) {
    const source = ts.isCallExpression(call) ? sourceOf(call) : undefined;
    if (!source || !ts.isCallExpression(call)) continue;
    if (contains(handler, call)) again.add(source.getText());
    else others.push(call);
  }
  return others.flatMap((call) => {
    const source = sourceOf(call) as ts.Expression;
    const drop = again.has(source.getText()) ? dropOf(file, call) : undefined;
    return drop ? [{ token: calleeName(call) ?? call, source, drop }] : [];
  });
}

function sourceOf(call: ts.CallExpression): ts.Expression | undefined {
  const [source] = call.arguments;
  return source && reads.test(calleeName(call)?.text ?? '') ? source : undefined;
}

/** An empty `catch`, or a callback of nothing, with nobody who asks later whether there is a value. */
function dropOf(file: FileAnalysis, call: ts.CallExpression): ts.Node | undefined {
  for (let node: ts.Node = call; node.parent && !ts.isFunctionLike(node.parent); node = node.parent) {
    const { parent } = node;
    if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause) {
      const { block } = parent.catchClause;
      return block.statements.length === 0 && !isAskedFor(file, call) ? parent.catchClause : undefined;
    }
    if (!ts.isPropertyAccessExpression(parent) || parent.name.text !== 'catch') continue;
    const [callback] = ts.isCallExpression(parent.parent) ? parent.parent.arguments : [];
    return callback && givesNothing(callback) && !isAskedFor(file, call) ? callback : undefined;
  }
  return undefined;
}

/** `() => {}`, `() => undefined`, `() => null`. */
function givesNothing(callback: ts.Expression): boolean {
  const fn = strip(callback);
  if (!isFunctionLiteral(fn)) return false;
  if (ts.isBlock(fn.body)) return fn.body.statements.length === 0;
  return /^(?:undefined|null|void 0)$/.test(strip(fn.body).getText());
}

/** The value has a name that a condition, `??` or `||` asks about. */
function isAskedFor(file: FileAnalysis, call: ts.CallExpression): boolean {
  let whole: ts.Expression = call;
  for (;;) {
    const { parent } = unstrip(whole);
    if (!ts.isAwaitExpression(parent) && !ts.isPropertyAccessExpression(parent) && !ts.isCallExpression(parent)) break;
    whole = parent;
  }
  const { parent } = unstrip(whole);
  const target = ts.isVariableDeclaration(parent)
    ? parent.name
    : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
      ? strip(parent.left)
      : undefined;
  if (!target || !ts.isIdentifier(target)) return !ts.isExpressionStatement(parent);
  const references = file.unit.scopes.bindingOf(target)?.references ?? [];
  return references.some((it) => {
    const use = it.parent;
    if (ts.isIfStatement(use) || ts.isConditionalExpression(use) || ts.isPrefixUnaryExpression(use)) return true;
    return ts.isBinaryExpression(use) && use.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
  });
}
