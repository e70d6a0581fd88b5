import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { callsIn } from '../syntax/nodes.ts';
import { calleeName, contains, isFunctionLiteral, strip, unstrip, walk } from '../syntax/tree.ts';
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
/** What functions are called that read something for their callers. */
const readers = /^(?:read|load)/i;

/** The reads outside of a signal's handler that read the same and drop their error. */
export function droppedReads(file: FileAnalysis, { handler: given }: Registration): readonly DroppedRead[] {
  const handler = functionOf(file.semantics, given);
  if (!handler?.body || handler.getSourceFile() !== file.unit.file) return [];
  const bodies = [handler, ...calledFrom(file, handler)];
  const again = new Set<string>();
  const others: ts.CallExpression[] = [];
  for (const call of callsIn(file.unit.file)) {
    const source = ts.isCallExpression(call) ? sourceOf(call) : undefined;
    if (!source || !ts.isCallExpression(call)) continue;
    if (bodies.some((it) => contains(it, call))) again.add(source.getText());
    else others.push(call);
  }
  return others.flatMap((call) => {
    const source = sourceOf(call) as ts.Expression;
    if (!again.has(source.getText())) return [];
    const drop = source !== call || readsItself(file, call) ? dropOf(file, call) : undefined;
    return drop ? [{ token: calleeName(call) ?? call, source, drop }] : [];
  });
}

/** The functions of the file that a handler calls: `() => reload()`. */
function calledFrom({ unit, semantics }: FileAnalysis, handler: ts.FunctionLikeDeclaration): readonly ts.Node[] {
  const found: ts.Node[] = [];
  walk(handler, (node) => {
    const target = ts.isCallExpression(node) && ts.isIdentifier(node.expression) && semantics.targets.resolve(node);
    const fn = target ? target.function : undefined;
    if (fn && fn.getSourceFile() === unit.file) found.push(fn);
  });
  return found;
}

/** What a call reads: the file that it names, or all that a function of the project reads with these arguments. */
function sourceOf(call: ts.CallExpression): ts.Expression | undefined {
  const [source] = call.arguments;
  const name = calleeName(call)?.text ?? '';
  if (reads.test(name)) return source;
  return readers.test(name) && ts.isIdentifier(strip(call.expression)) ? call : undefined;
}

/** Whether a function of the project reads a file. */
function readsItself({ semantics }: FileAnalysis, call: ts.CallExpression): boolean {
  const target = semantics.targets.resolve(call)?.function;
  let found = false;
  if (target?.body) {
    walk(target.body, (node) => {
      found ||= ts.isCallExpression(node) && reads.test(calleeName(node)?.text ?? '');
    });
  }
  return found;
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
