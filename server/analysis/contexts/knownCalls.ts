import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isTestFile } from './places.ts';

/** The calls of a function, those of tests aside, where they are all that is known of it: nobody takes it as a value. */
export function knownCallsOf(semantics: Semantics, fn: ts.Node): readonly ts.Expression[] | undefined {
  if (!ts.isFunctionLike(fn) || !('body' in fn) || !fn.body) return undefined;
  const uses = semantics.references.usesOf(fn as ts.FunctionLikeDeclaration);
  if (uses === 'unknown' || uses.values.length > 0) return undefined;
  const calls = uses.calls.filter(({ unit }) => !isTestFile(semantics.program.host, unit.path));
  return calls.length > 0 && calls.every(({ certain }) => certain) ? calls.map(({ call }) => call) : undefined;
}
