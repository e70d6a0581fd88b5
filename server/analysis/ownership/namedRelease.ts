import ts from 'typescript';
import { initialOf } from '../syntax/scopes.ts';
import { calledMethod, enclosingRoot, receiver, some, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Obligation } from './obligation.ts';

/** `await session.endSession;`: where code means to give the resource back and forgets to call, and calls it nowhere. */
export function namedRelease(
  unit: SourceUnit,
  { acquisition, site }: Obligation,
): ts.PropertyAccessExpression | undefined {
  const { preferred } = acquisition;
  const name = preferred.by === 'method' ? preferred.name : undefined;
  const isOwner = (node: ts.Expression | undefined): boolean => {
    const owner = node && strip(node);
    const made = owner && ts.isIdentifier(owner) ? initialOf(unit.scopes.bindingOf(owner)) : undefined;
    return made !== undefined && awaited(made) === site;
  };
  let found: ts.PropertyAccessExpression | undefined;
  const isCalled = some(enclosingRoot(site), (node) => {
    const value = ts.isExpressionStatement(node) ? awaited(node.expression) : undefined;
    if (value && ts.isPropertyAccessExpression(value) && value.name.text === name && isOwner(value.expression))
      found ??= value;
    return ts.isCallExpression(node) && calledMethod(node) === name && isOwner(receiver(node));
  });
  return isCalled ? undefined : found;
}

function awaited(node: ts.Expression): ts.Expression {
  const value = strip(node);
  return ts.isAwaitExpression(value) ? strip(value.expression) : value;
}
