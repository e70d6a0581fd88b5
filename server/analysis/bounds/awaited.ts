import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, contains, enclosingRoot, receiver, some, strip } from '../syntax/tree.ts';

/** Whether a listener settles a promise, or calls back whoever asked: somebody waits for the event. */
export function isAwaited(semantics: Semantics, listener: ts.CallExpression): boolean {
  for (let node: ts.Node = listener; node.parent; node = node.parent) {
    if (ts.isNewExpression(node) && calleeName(node)?.text === 'Promise') return true;
  }
  return callsBack(semantics, listener);
}

/**
 * `socket.once('message', (answer) => callback(null, answer))` beside a `socket.send(…)`: the one answer to what is sent
 * here. Who listens on and on gets what comes, and waits for none.
 */
function callsBack({ program, targets }: Semantics, listener: ts.CallExpression): boolean {
  const handler = listener.arguments[1];
  const owner = receiver(listener);
  const root = enclosingRoot(listener);
  if (calleeName(listener)?.text !== 'once' || !handler || !owner || !ts.isFunctionLike(root)) return false;
  const asks = some(
    root,
    (node) =>
      ts.isCallExpression(node) &&
      calleeName(node)?.text === 'send' &&
      receiver(node)?.getText() === owner.getText() &&
      !contains(listener, node),
  );
  if (!asks) return false;
  const { scopes } = program.unitOf(root);
  const given = root.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [scopes.bindingOf(name)] : []));
  const fn = targets.functionOf(handler) ?? strip(handler);
  return some(fn, (node) => {
    if (!ts.isIdentifier(node)) return false;
    const isCalled = node === fn || (ts.isCallExpression(node.parent) && node.parent.expression === node);
    return isCalled && given.includes(scopes.bindingOf(node));
  });
}
