import ts from 'typescript';
import { enclosingRoot, isAsync, someInFunction, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';

/** `list.forEach(async (item) => { … })` → `for (const item of list) { … }`, which waits for each. */
export function forOf({ file, path }: SourceUnit, call: ts.CallExpression): FixPlan | undefined {
  const literal = bodyLiteral(call, path);
  const statement = unstrip(call).parent;
  if (!literal || !ts.isExpressionStatement(statement) || hasReturn(literal.body)) return undefined;
  const [parameter, another] = literal.parameters;
  const callee = strip(call.expression);
  if (!parameter || another || parameter.initializer || !ts.isPropertyAccessExpression(callee)) return undefined;
  const rewriter = new Rewriter();
  const list = callee.expression;
  rewriter.insert(statement.getStart(file), `for (const ${parameter.name.getText(file)} of `);
  rewriter.replace(list.end, literal.body.getStart(file), ') ');
  rewriter.remove(literal.body.end, statement.end);
  return { title: 'Wait for each in `for … of`', safety: 'suggestion', edits: rewriter.edits() };
}

/** `await Promise.all(list.map(async …))`: all at once as before, but somebody waits. */
export function awaitAll({ file, path }: SourceUnit, call: ts.CallExpression): FixPlan | undefined {
  const callee = strip(call.expression);
  const statement = unstrip(call).parent;
  if (!bodyLiteral(call, path) || !ts.isPropertyAccessExpression(callee) || !ts.isExpressionStatement(statement))
    return undefined;
  const rewriter = new Rewriter();
  rewriter.insert(call.getStart(file), 'await Promise.all(');
  rewriter.replace(callee.name.getStart(file), callee.name.end, 'map');
  rewriter.insert(call.end, ')');
  return { title: 'Wait for all of them', safety: 'suggestion', edits: rewriter.edits() };
}

/** The async callback with a block, in a function that may wait. */
function bodyLiteral(
  call: ts.CallExpression,
  path: string,
): (ts.ArrowFunction & { readonly body: ts.Block }) | undefined {
  const literal = call.arguments[0] && strip(call.arguments[0]);
  const root = enclosingRoot(call);
  const waits = ts.isSourceFile(root) ? /\.m[jt]s$/.test(path) : isAsync(root);
  if (!waits || call.arguments.length !== 1 || call.questionDotToken) return undefined;
  if (!literal || !ts.isArrowFunction(literal) || !ts.isBlock(literal.body)) return undefined;
  return literal as ts.ArrowFunction & { readonly body: ts.Block };
}

function hasReturn(body: ts.Node): boolean {
  return someInFunction(body, ts.isReturnStatement);
}
