import ts from 'typescript';
import { callersOf } from '../semantics/callers.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isFunctionLiteral, memberName, some, strip, unstrip } from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import type { Contexts } from './contexts.ts';
import { latchBetween } from './latches.ts';
import { lastNameOf } from './lifetimes.ts';
import { offeredAround } from './offered.ts';
import { eventText, type Registration } from './registrations.ts';

/** Why an emitter is a connection that serves more requests than the one that registers. */
export interface SharedConnection {
  /** What runs each time, after “every”. */
  readonly each: 'request' | 'call';
}

const exchanges = /^_?(?:req|request|res|response|ctx|context|rawReq|rawRes|incoming|outgoing|reply)$/;
const clients = /^_?(?:req|request|clientRequest|r)$/i;
const calls = /(?:stream|call)$/i;
/** These come when a connection is made: for one that is there already they do not come again. */
const initial = new Set(['connect', 'secureConnect', 'lookup', 'ready', 'secure']);

/**
 * The connection below one exchange: `req.socket` of a handler, the socket that a client request is assigned, the session
 * of a stream. Kept alive, it serves the next ones, too.
 */
export function sharedConnection(
  semantics: Semantics,
  contexts: Contexts,
  registration: Registration,
): SharedConnection | undefined {
  const { call } = registration;
  if (isHeldByLatch(semantics, call) || streamsEvents(call)) return undefined;
  const emitter = strip(registration.emitter);
  if (ts.isIdentifier(emitter)) {
    const isShared =
      assignedSocket(emitter, call) &&
      !comesWithAnswer(registration) &&
      !isNew(emitter, call) &&
      !hasOnlySeldomCallers(semantics, contexts, call);
    return isShared ? { each: 'request' } : undefined;
  }
  if (!ts.isPropertyAccessExpression(emitter) || initial.has(eventText(registration))) return undefined;
  const name = emitter.name.text;
  const base = strip(emitter.expression);
  if (name === 'session') return isStream(base) ? { each: 'call' } : undefined;
  if (name !== 'socket' && name !== 'connection') return undefined;
  if (lastNameOf(base) === 'session') return { each: 'call' };
  if (!ts.isIdentifier(base) || !exchanges.test(base.text)) return undefined;
  return isInHandler(contexts, registration.call) ? { each: 'request' } : undefined;
}

/** `socket.once('data', …)`: the answer to this very request is data, and takes the listener away. */
function comesWithAnswer({ once, eventName }: Registration): boolean {
  return once && (eventName === 'data' || eventName === 'readable');
}

/** `if (seen.has(socket)) return;` */
function isHeldByLatch(semantics: Semantics, call: ts.Node): boolean {
  const root = enclosingRoot(call);
  for (let child = call; child !== root; child = child.parent) {
    if (latchBetween(semantics, child, child.parent, root)) return true;
  }
  return false;
}

/** `if (socket.connecting)`: one that serves another request already is not meant. Code may ask before, and leave. */
function isNew(emitter: ts.Identifier, call: ts.Node): boolean {
  const leaves = new RegExp(
    `(?:!\\s*${emitter.text}\\??\\.(?:connecting|pending)|\\b${emitter.text}\\??\\.(?:reusedSocket|readyState|remoteAddress))\\b`,
  );
  const around = enclosingRoot(call);
  if (!ts.isSourceFile(around) && leaves.test(around.getText())) return true;
  const asked = new RegExp(`(?<![!\\w.$]\\s*)\\b${emitter.text}\\??\\.(?:connecting|pending)\\b`);
  for (let child = call; child.parent; child = child.parent) {
    const { parent } = child;
    if (ts.isIfStatement(parent) && child === parent.thenStatement && asked.test(parent.expression.getText()))
      return true;
  }
  return false;
}

/** A response that goes on until the client leaves takes its connection with it. */
function streamsEvents(call: ts.Node): boolean {
  let outermost: ts.Node = enclosingRoot(call);
  for (let node = outermost; !ts.isSourceFile(node); node = enclosingRoot(node)) outermost = node;
  return !ts.isSourceFile(outermost) && /text\/event-stream/.test(outermost.getText());
}

/** Whether all who make the request are seen, and none of them does so again and again, or for users of a package. */
function hasOnlySeldomCallers(semantics: Semantics, contexts: Contexts, call: ts.Node): boolean {
  let root = enclosingRoot(call);
  while (isFunctionLiteral(root) && (takerOf(root) || isCalledAtOnce(root))) root = enclosingRoot(unstrip(root));
  if (ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return false;
  const calls = callersOf(semantics, root);
  return (
    calls?.every(
      (call) => !contexts.repeated.of(call) && offeredAround(semantics, call) === undefined && !isInOverride(call),
    ) ?? false
  );
}

/** A method that takes the place of another one, and calls it: those call it who called that. */
function isInOverride(call: ts.Node): boolean {
  const root = enclosingRoot(call);
  if (ts.isMethodDeclaration(root))
    return some(
      root,
      (it) => it.kind === ts.SyntaxKind.SuperKeyword && memberName(it.parent as ts.Expression) === root.name.getText(),
    );
  const { parent } = root;
  if (!isFunctionLiteral(root) || !ts.isBinaryExpression(parent) || parent.right !== root) return false;
  return ts.isPropertyAccessExpression(parent.left) && /\.(?:call|apply)\(this\b/.test(root.getText());
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
