import ts from 'typescript';
import { calledMethod, contains, receiver, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Update } from './updates.ts';

/**
 * Whether a rejection of a promise comes to one of the updates: `promise = call().then(…)`, and later
 * `promise.then(…).finally(() => { free += 1; })`.
 */
export function isSettledBy(unit: SourceUnit, rejected: ts.Node, updates: readonly Update[]): boolean {
  const name = nameOf(rejected);
  const binding = name && unit.scopes.bindingOf(name);
  if (!binding) return false;
  return binding.references.some((reference) =>
    handlersAfter(reference).some((handler) => updates.some(({ node }) => contains(handler, node))),
  );
}

/** The variable that a chain of promises is put into. */
function nameOf(node: ts.Node): ts.Identifier | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { parent } = unstrip(outermost(node));
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name : undefined;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const target = strip(parent.left);
  return ts.isIdentifier(target) ? target : undefined;
}

/** The whole chain that a call is a part of. */
function outermost(node: ts.Expression): ts.Expression {
  const access = unstrip(node).parent;
  const isNext = ts.isPropertyAccessExpression(access) && ts.isCallExpression(access.parent);
  return isNext && access.parent.expression === access ? outermost(access.parent) : node;
}

/** The handlers of a chain that are called when it is rejected. */
function handlersAfter(start: ts.Expression): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  let call = outermost(start);
  while (call !== start && ts.isCallExpression(call)) {
    const method = calledMethod(call);
    const handler = call.arguments[method === 'then' ? 1 : 0];
    if (handler && /^(?:then|catch|finally)$/.test(method ?? '')) found.push(handler);
    const owner = receiver(call);
    if (!owner) break;
    call = strip(owner);
  }
  return found;
}
