import ts from 'typescript';
import { calleeName, strip } from '../syntax/tree.ts';
import type { Callable } from './callSites.ts';

/** `app.use(path, this.app)`: what takes one thing that is not called like a request is no middleware. */
export function canBeMiddleware(call: ts.CallExpression | ts.NewExpression, { parameters }: Callable): boolean {
  if (calleeName(call)?.text !== 'use') return true;
  const [only, another] = parameters;
  return !only || another !== undefined || /^_?(?:c|ctx|context|req|request|e|ev|event)$/i.test(only.name.getText());
}

/** A listener that takes itself away in any case runs once. */
export function removesItself(reference: ts.Expression, fn: Callable | undefined): boolean {
  if (!fn?.body || !ts.isBlock(fn.body) || !ts.isIdentifier(reference)) return false;
  const removal = new RegExp(`\\.(?:off|removeListener|removeEventListener)\\([^()]*\\b${reference.text}\\b`);
  return fn.body.statements.some((it) => ts.isExpressionStatement(it) && removal.test(it.getText()));
}

/** `{ onMessage: (callback) => socket.on('message', callback) }`: whoever receives it calls it to listen. */
export function takesListener(member: ts.ObjectLiteralElementLike): boolean {
  const value = ts.isPropertyAssignment(member) ? strip(member.initializer) : member;
  if (!ts.isFunctionLike(value)) return false;
  return /^(?:cb|callback|listener|handler|fn|subscriber)$/i.test(value.parameters[0]?.name.getText() ?? '');
}
