import ts from 'typescript';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, isFunctionLiteral, receiver, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** The properties that `object[key]` names: of a key that is written down, or that goes through a list of such keys. */
export function keysOf(access: ts.ElementAccessExpression, unit: SourceUnit): readonly string[] {
  const key = strip(access.argumentExpression);
  if (ts.isStringLiteralLike(key)) return [key.text];
  const list = ts.isIdentifier(key) ? listOf(key, unit) : undefined;
  return list?.elements.flatMap((it) => (ts.isStringLiteralLike(it) ? [it.text] : [])) ?? [];
}

/** `for (const key of ['a', 'b'] as const)`, `timers.forEach((key) => …)`: the list that a name goes through. */
function listOf(key: ts.Identifier, unit: SourceUnit): ts.ArrayLiteralExpression | undefined {
  const declared = unit.scopes.bindingOf(key)?.declarations[0]?.parent;
  const list = declared && listThrough(declared);
  const literal = list && ts.isIdentifier(list) ? initialOf(unit.scopes.bindingOf(list)) : list;
  return literal && ts.isArrayLiteralExpression(literal) ? literal : undefined;
}

function listThrough(declared: ts.Node): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declared)) {
    const loop = declared.parent.parent;
    return ts.isForOfStatement(loop) ? strip(loop.expression) : undefined;
  }
  const fn = ts.isParameter(declared) ? declared.parent : undefined;
  if (!fn || !isFunctionLiteral(fn) || fn.parameters[0] !== declared) return undefined;
  const call = unstrip(fn).parent;
  if (!ts.isCallExpression(call) || calleeName(call)?.text !== 'forEach') return undefined;
  const list = receiver(call);
  return list && strip(list);
}
