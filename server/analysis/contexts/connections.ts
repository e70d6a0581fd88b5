import ts from 'typescript';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';
import { takerOf } from './calledBack.ts';
import type { Contexts } from './contexts.ts';
import { lastNameOf } from './lifetimes.ts';
import { eventText, type Registration } from './registrations.ts';

/** Why an emitter is a connection that serves more requests than the one that registers. */
export interface SharedConnection {
  /** What runs each time, after “every”. */
  readonly each: 'request' | 'call';
}

const exchanges = /^_?(?:req|request|res|response|ctx|context|rawReq|rawRes|incoming|outgoing|reply)$/;
const clients = /^_?(?:req|request|clientRequest|r)$/i;
const calls = /(?:stream|call)$/i;
/** These come when a connection is made: for one that is there already they do not come again, and code asks first. */
const initial = new Set(['connect', 'secureConnect', 'lookup', 'ready', 'secure']);

/**
 * The connection below one exchange: `req.socket` of a handler, the socket that a client request is assigned, the session
 * of a stream. Kept alive, it serves the next ones, too.
 */
export function sharedConnection(contexts: Contexts, registration: Registration): SharedConnection | undefined {
  if (initial.has(eventText(registration))) return undefined;
  const emitter = strip(registration.emitter);
  if (ts.isIdentifier(emitter)) return assignedSocket(emitter, registration.call) ? { each: 'request' } : undefined;
  if (!ts.isPropertyAccessExpression(emitter)) return undefined;
  const name = emitter.name.text;
  const base = strip(emitter.expression);
  if (name === 'session') return isStream(base) ? { each: 'call' } : undefined;
  if (name !== 'socket' && name !== 'connection') return undefined;
  if (lastNameOf(base) === 'session') return { each: 'call' };
  if (!ts.isIdentifier(base) || !exchanges.test(base.text)) return undefined;
  return isInHandler(contexts, registration.call) ? { each: 'request' } : undefined;
}

function isStream(node: ts.Expression): boolean {
  return calls.test(lastNameOf(node) ?? '');
}

/** `request.on('socket', (socket) => socket.on(…))` */
function assignedSocket(emitter: ts.Identifier, call: ts.Node): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (!isFunctionLiteral(node)) continue;
    if (!node.parameters.some(({ name }) => name.getText() === emitter.text)) continue;
    const taker = takerOf(node);
    const callee = taker && strip(taker.call.expression);
    const [event] = taker?.call.arguments ?? [];
    return (
      callee !== undefined &&
      ts.isPropertyAccessExpression(callee) &&
      clients.test(lastNameOf(callee.expression) ?? '') &&
      event !== undefined &&
      ts.isStringLiteralLike(event) &&
      event.text === 'socket'
    );
  }
  return false;
}

/** Two parameters in a row that are called like request and response, or what a framework calls for every request. */
function isInHandler(contexts: Contexts, call: ts.Node): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const names = node.parameters.map(({ name }) => name.getText());
    // A connection that became something else serves nothing else.
    const taker = isFunctionLiteral(node) ? takerOf(node) : undefined;
    const [event] = taker?.call.arguments ?? [];
    if (event && ts.isStringLiteralLike(event) && /^(?:connection|upgrade|connect|open)$/.test(event.text))
      return false;
    if (names.some((it, index) => /^_?req/.test(it) && /^_?res/.test(names[index + 1] ?? ''))) return true;
  }
  const repetition = contexts.repeatedInFile.of(call);
  return repetition?.each === 'request';
}
