import ts from 'typescript';
import type { Semantics } from './semantics.ts';

/**
 * The calls of a function, where all of them are known: nobody outside sees it and it is not used as a value. What
 * stands in a file that does not count is passed over.
 */
export function callersOf(
  semantics: Semantics,
  fn: ts.SignatureDeclaration,
  counts: (path: string) => boolean = () => true,
): readonly (ts.CallExpression | ts.NewExpression)[] | undefined {
  if (!('body' in fn) || !fn.body || ts.isConstructorTypeNode(fn)) return undefined;
  const uses = semantics.references.usesOf(fn as ts.FunctionLikeDeclaration);
  if (uses === 'unknown' || uses.exposed) return undefined;
  const calls = uses.calls.filter(({ unit }) => counts(unit.path));
  const isValue = uses.values.some(({ token }) => counts(token.getSourceFile().fileName));
  if (isValue || calls.length === 0) return undefined;
  return calls.every(({ certain }) => certain) ? calls.map(({ call }) => call) : undefined;
}
