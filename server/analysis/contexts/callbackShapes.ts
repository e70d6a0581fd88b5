import ts from 'typescript';
import { calleeName, strip } from '../syntax/tree.ts';
import type { Callable } from './callSites.ts';

const request = /^_*(?:c|ctx|context|req|request|e|ev|event)$/i;
const beside = /^_*(?:res|resp|response|reply|next|done|h|socket|conn|connection)$/i;

/** `app.use(path, this.app)`, `app.use((state, emitter) => …)`: what takes nothing that is called like a request is no middleware. */
export function canBeMiddleware(call: ts.CallExpression | ts.NewExpression, { parameters }: Callable): boolean {
  if (calleeName(call)?.text !== 'use' || parameters.length === 0) return true;
  const names = parameters.map(({ name }) => name.getText());
  if (names.length === 1) return request.test(names[0] ?? '');
  return (
    parameters.some(({ name }) => !ts.isIdentifier(name)) || names.some((it) => request.test(it) || beside.test(it))
  );
}

/** A listener that takes itself away in any case runs once. */
export function removesItself(reference: ts.Expression, fn: Callable | undefined): boolean {
  if (!fn?.body || !ts.isBlock(fn.body) || !ts.isIdentifier(reference)) return false;
  const removal = removalOf(reference.text);
  return fn.body.statements.some((it) => ts.isExpressionStatement(it) && removal.test(it.getText()));
}

/** `{ onMessage: (callback) => socket.on('message', callback) }`: whoever receives it calls it to listen. */
export function takesListener(member: ts.ObjectLiteralElementLike): boolean {
  const value = ts.isPropertyAssignment(member) ? strip(member.initializer) : member;
  if (!ts.isFunctionLike(value)) return false;
  return /^(?:cb|callback|listener|handler|fn|subscriber)$/i.test(value.parameters[0]?.name.getText() ?? '');
}

/** `stream.off('data', onData); start(stream);` within `onData`: it does not come as far a second time. */
export function comesOnce(node: ts.Node, listener: string): boolean {
  const removal = removalOf(listener);
  for (let child = node; child.parent && !ts.isFunctionLike(child); child = child.parent) {
    const { parent } = child;
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const before = parent.statements.filter((it) => it.end <= child.pos);
    if (before.some((it) => ts.isExpressionStatement(it) && removal.test(it.getText()))) return true;
  }
  return false;
}

function removalOf(listener: string): RegExp {
  return new RegExp(`\\.(?:off|removeListener|removeEventListener)\\([^()]*\\b${listener}\\b`);
}
