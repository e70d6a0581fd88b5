import ts from 'typescript';
import type { Semantics } from './semantics.ts';

/** The calls of a function, where all of them are known: nobody outside sees it and it is not used as a value. */
export function callersOf(
  semantics: Semantics,
  fn: ts.SignatureDeclaration,
): readonly (ts.CallExpression | ts.NewExpression)[] | undefined {
  if (!('body' in fn) || !fn.body || ts.isConstructorTypeNode(fn)) return undefined;
  const uses = semantics.references.usesOf(fn as ts.FunctionLikeDeclaration);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0 || uses.calls.length === 0) return undefined;
  return uses.calls.every(({ certain }) => certain) ? uses.calls.map(({ call }) => call) : undefined;
}
