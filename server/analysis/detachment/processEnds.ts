import ts from 'typescript';
import { isTestFile } from '../contexts/places.ts';
import { tokenAt } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingRoot } from '../syntax/tree.ts';

/** Whether a method that ends an object is only called where the process ends next: `await server.stop(); process.exit()`. */
export function endsWithProcess(end: ts.Node, semantics: Semantics): boolean {
  const { references } = semantics;
  const fn = end.parent;
  const isFunction = ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn);
  const uses = isFunction ? references.usesOf(fn) : 'unknown';
  if (uses === 'unknown') return false;
  const calls = uses.calls.filter(({ call, certain }) => certain && !isInTest(call, semantics));
  return calls.length > 0 && calls.every(({ call, unit }) => exitsAfter(call, unit.text));
}

/** Whether a node stands in a test of its package. */
export function isInTest(node: ts.Node, { program: { host } }: Semantics): boolean {
  return isTestFile(host, node.getSourceFile().fileName);
}

function exitsAfter(call: ts.Node, text: string): boolean {
  const root = enclosingRoot(call);
  for (const { index } of text.matchAll(/\bprocess\.exit\s*\(/g)) {
    if (index > call.end && index < root.end && contains(root, call)) return true;
  }
  return false;
}

/** Whether the process ends as soon as the code around a node has gone on: `try { … } finally { process.exit(1) }`. */
export function isBeforeExit(node: ts.Node): boolean {
  const root = enclosingRoot(node);
  const file = node.getSourceFile();
  for (const { index } of file.text.matchAll(/\bprocess\.exit\s*\(/g)) {
    if (index < node.end || index >= root.end) continue;
    const exit = tokenAt(file, index);
    if (enclosingRoot(exit) === root && isReachedFrom(exit, node)) return true;
  }
  return false;
}

/** Whether whatever goes on after `before` comes to a later node: nothing between them asks. */
function isReachedFrom(node: ts.Node, before: ts.Node): boolean {
  for (let current = node; !contains(current.parent, before); current = current.parent) {
    const { parent } = current;
    const isBranch = ts.isIfStatement(parent) || ts.isConditionalExpression(parent) || ts.isCaseOrDefaultClause(parent);
    if (isBranch || ts.isCatchClause(parent) || ts.isIterationStatement(parent, false)) return false;
  }
  return true;
}

/** What names one of several things, of which the method ends one: `destroy(sid, done)`. */
const selecting =
  /(?:id|ids|key|keys|name|path|url|item|index)$|^(?:session|user|task|job|topic|channel|process|pid)$/i;

/** Whether a function is told what to end, and so does not end its own object. */
export function endsAnother({ parameters: [first] }: ts.FunctionLikeDeclaration): boolean {
  return first !== undefined && !first.initializer && !first.questionToken && selecting.test(first.name.getText());
}
