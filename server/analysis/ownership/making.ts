import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { isAsync, isRoot, strip } from '../syntax/tree.ts';

/** How many names are followed from a returned value to what it stands for. */
const maxDepth = 3;

/** Whether a function returns an object that it made whenever it returns: nobody has to ask whether the result is there. */
export function makesObject(program: Program, fn: ts.FunctionLikeDeclaration): boolean {
  const { body } = fn;
  if (!body) return false;
  // A promise or a generator, whatever comes of it.
  if (isAsync(fn) || ('asteriskToken' in fn && fn.asteriskToken)) return true;
  if (!ts.isBlock(body)) return isMade(program, body, 0);
  const last = body.statements.at(-1);
  if (!last || !ts.isReturnStatement(last)) return false;
  return returnsIn(body).every(({ expression }) => expression !== undefined && isMade(program, expression, 0));
}

function returnsIn(node: ts.Node): readonly ts.ReturnStatement[] {
  if (ts.isReturnStatement(node)) return [node];
  const found: ts.ReturnStatement[] = [];
  ts.forEachChild(node, (child) => {
    if (!isRoot(child)) found.push(...returnsIn(child));
  });
  return found;
}

function isMade(program: Program, node: ts.Expression, depth: number): boolean {
  const value = strip(node);
  if (ts.isConditionalExpression(value))
    return isMade(program, value.whenTrue, depth) && isMade(program, value.whenFalse, depth);
  if (ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value) || ts.isNewExpression(value))
    return true;
  // A tag gives what it builds; the one that only joins text may give none.
  if (ts.isTaggedTemplateExpression(value)) return value.tag.getText() !== 'String.raw';
  if (!ts.isIdentifier(value) || depth >= maxDepth) return false;
  const binding = program.unitOf(value).scopes.bindingOf(value);
  const declaration = binding?.declarations.length === 1 ? binding.declarations[0]?.parent : undefined;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || binding.writes.length > 0) return false;
  return declaration.initializer !== undefined && isMade(program, declaration.initializer, depth + 1);
}
