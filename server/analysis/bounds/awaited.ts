import ts from 'typescript';
import { executorOf } from '../contexts/workEnds.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, contains, enclosingRoot, receiver, some, strip } from '../syntax/tree.ts';

/** Whether a listener settles a promise, or calls back whoever asked: somebody waits for the event. */
export function isAwaited(semantics: Semantics, listener: ts.CallExpression): boolean {
  for (let node: ts.Node = listener; node.parent; node = node.parent) {
    const executor = executorOf(node);
    if (executor) return settles(semantics, listener, executor);
  }
  return callsBack(semantics, listener);
}

/** Whether a listener may settle the promise whose executor it stands in. A socket that only listens keeps nobody waiting. */
function settles({ targets }: Semantics, listener: ts.CallExpression, { parameters }: ts.FunctionLike): boolean {
  const [, handler] = listener.arguments;
  const given = new Set(parameters.map(({ name }) => name.getText()));
  const looked = new Set<ts.Node>(handler ? [targets.functionOf(handler) ?? handler] : []);
  for (const fn of looked) {
    const isSettled = some(fn, (node) => {
      if (ts.isIdentifier(node) && given.has(node.text)) return true;
      const called = ts.isCallExpression(node) ? targets.resolve(node)?.function : undefined;
      if (called && called.getSourceFile() === listener.getSourceFile()) looked.add(called);
      return false;
    });
    if (isSettled) return true;
  }
  return false;
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
