import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, functionName, isAsync, isFunctionLiteral, isRoot, strip, unstrip } from '../syntax/tree.ts';
import { isDropped } from './timers.ts';

/** What becomes of the promise that a call makes. */
export type Custody =
  /** Nobody waits for it; `reported`: its failure is at least handled. */
  | { readonly kind: 'detached'; readonly reported: boolean; readonly whole: ts.Expression }
  /** Awaited, returned, kept or handed to somebody. */
  | { readonly kind: 'kept' };

const kept: Custody = { kind: 'kept' };

/** Follows `.catch(…)`, `.then(…)` and `.finally(…)` from a call to what becomes of the last promise. */
export function custodyOf(call: ts.CallExpression): Custody {
  let whole = unstrip(call);
  let reported = false;
  for (;;) {
    const { parent } = whole;
    if (isDropped(whole)) return { kind: 'detached', reported, whole };
    const link = ts.isPropertyAccessExpression(parent) && parent.expression === whole ? parent : undefined;
    const next = link && unstrip(link).parent;
    if (!link || !next || !ts.isCallExpression(next) || strip(next.expression) !== link) return kept;
    const name = link.name.text;
    if (name !== 'then' && name !== 'catch' && name !== 'finally') return kept;
    reported ||= name === 'catch' || (name === 'then' && next.arguments.length > 1);
    whole = unstrip(next);
  }
}

/** The calls of a function that its file shows; `undefined` when it is handed around. */
export function callsOf(fn: ts.FunctionLikeDeclaration, file: FileAnalysis): readonly ts.CallExpression[] | undefined {
  if (isFunctionLiteral(fn)) {
    const { parent } = unstrip(fn);
    if (ts.isCallExpression(parent) && strip(parent.expression) === fn) return [parent];
  }
  const name = functionName(fn);
  if (name === undefined) return undefined;
  const declared = ts.isFunctionDeclaration(fn)
    ? fn.name
    : ts.isVariableDeclaration(fn.parent) && ts.isIdentifier(fn.parent.name)
      ? fn.parent.name
      : undefined;
  const binding = declared && file.unit.scopes.bindingOf(declared);
  if (binding) {
    const calls = binding.references.map((it) => unstrip(it).parent).filter(ts.isCallExpression);
    return calls.filter((call) => ts.isIdentifier(strip(call.expression)));
  }
  return ts.isClassLike(fn.parent) ? ownCalls(fn.parent, name) : undefined;
}

/** `this.name(…)` in the methods of the class. */
function ownCalls(owner: ts.ClassLikeDeclaration, name: string): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = strip(node.expression);
      const isOwn = ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
      if (isOwn && callee.name.text === name) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(owner);
  return found;
}

/** The async function whose body a node belongs to. */
export function asyncRootOf(node: ts.Node): ts.FunctionLikeDeclaration | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (!isRoot(current)) continue;
    const isPlain = ts.isSourceFile(current) || ts.isClassStaticBlockDeclaration(current);
    if (isPlain || !isAsync(current) || ('asteriskToken' in current && current.asteriskToken)) return undefined;
    return current as ts.FunctionLikeDeclaration;
  }
  return undefined;
}

/** How a call names what it runs, for messages. */
export function workName(call: ts.CallExpression): string {
  const name = calleeName(call)?.text;
  return name === undefined ? 'this task' : `\`${name}()\``;
}

/** What to point at where a task is started: the name that is called, or the code that is written there. */
export function startToken(call: ts.CallExpression): ts.Node {
  return calleeName(call) ?? call;
}
