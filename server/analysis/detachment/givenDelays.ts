import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Program } from '../syntax/program.ts';
import { contains, strip } from '../syntax/tree.ts';
import { constantOf } from './constants.ts';

/**
 * The longest wait that the callers of a function give it, as `ms` or as `seconds * 1000`; `undefined` when one of them
 * cannot be told.
 */
export function givenDelay(wait: ts.Expression | undefined, { unit, semantics }: FileAnalysis): number | undefined {
  const [name, factor] = wait ? scaled(strip(wait), semantics.program) : [];
  const binding = name && unit.scopes.bindingOf(name);
  const parameter = binding?.declarations[0]?.parent;
  if (!binding || !parameter || !ts.isParameter(parameter) || binding.writes.length > 0) return undefined;
  const fn = parameter.parent as ts.FunctionLikeDeclaration;
  if (!name || factor === undefined || !contains(fn, name)) return undefined;
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0 || uses.calls.length === 0) return undefined;
  const index = fn.parameters.indexOf(parameter);
  let longest = 0;
  for (const { call: use } of uses.calls) {
    const given = use.arguments?.[index] ?? parameter.initializer;
    const delay = constantOf(given, semantics.program);
    if (delay === undefined) return undefined;
    longest = Math.max(longest, delay * factor);
  }
  return longest;
}

/** `seconds * 1000`, taken apart. */
function scaled(
  wait: ts.Expression,
  program: Program,
): readonly [ts.Identifier | undefined, number | undefined] | readonly [] {
  if (ts.isIdentifier(wait)) return [wait, 1];
  if (!ts.isBinaryExpression(wait) || wait.operatorToken.kind !== ts.SyntaxKind.AsteriskToken) return [];
  const sides = [strip(wait.left), strip(wait.right)];
  return [sides.find(ts.isIdentifier), sides.map((side) => constantOf(side, program)).find((it) => it !== undefined)];
}
