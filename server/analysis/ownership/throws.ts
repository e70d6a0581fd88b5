import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import { onlyComputes } from '../semantics/pureWork.ts';
import { calleeName, isReturned, receiver, strip } from '../syntax/tree.ts';
import type { Release } from './obligation.ts';

/** `readSync`, `execFileSync`; `existsSync` only looks. */
const blocking = /(?<!^exists)Sync$/;

/**
 * Whether a throw at the node is something to reckon with: what waits for the outside world fails sooner or later, and
 * a `throw` is written to happen. Any other call may throw, but hardly anybody has seen it do so.
 */
export function isExpectedThrow({ kind, syntax }: FlowNode): boolean {
  if (kind !== 'evaluate') return true;
  if (ts.isAwaitExpression(syntax) || ts.isYieldExpression(syntax)) return true;
  // Input and output that nobody waits for fails on the spot.
  if (ts.isCallExpression(syntax) && blocking.test(calleeName(syntax)?.text ?? '')) return true;
  const owner = ts.isCallExpression(syntax) ? receiver(syntax) : undefined;
  const name = owner && ts.isIdentifier(owner) ? owner.text : '';
  if (name === 'JSON') return true;
  return ts.isCallExpression(syntax) && isReturned(syntax) && !onlyComputes(syntax);
}

/** Functions that reach for a file, and fail for the same reasons as whoever opened it. */
const reaching = /^(?:stat|lstat|access|open|createReadStream|createWriteStream)(?:Sync)?$/;

/** Whether a node reaches once more for the file that an acquisition has just opened by the same name. */
export function reachesSameFile(site: ts.CallExpression | ts.NewExpression, { syntax }: FlowNode): boolean {
  const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  if (!ts.isCallExpression(call) || !reaching.test(calleeName(call)?.text ?? '')) return false;
  const [opened] = site.arguments ?? [];
  const [reached] = call.arguments;
  if (!opened || !reached || !reaching.test(calleeName(site)?.text ?? '')) return false;
  return strip(opened).getText() === strip(reached).getText();
}

const opening = /^(?:create|open|new|start|begin)(?=[A-Z])/;

/** Whether a node opens something else in what the resource was opened in: where that fails, both are gone. */
export function opensBeside(
  acquirer: ts.Expression | undefined,
  { discharges }: Release,
  { syntax }: FlowNode,
): boolean {
  const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  if (!acquirer || !ts.isCallExpression(call) || !opening.test(calleeName(call)?.text ?? '')) return false;
  if (!discharges.some(({ by }) => by === 'acquirerClose')) return false;
  const owner = receiver(call);
  return owner !== undefined && strip(owner).getText() === strip(acquirer).getText();
}

const undoing = /^(rollback|abort)/i;

/**
 * Whether the node waits for what undoes a transaction. When something failed before and that fails, too, the connection
 * is gone: most pools take such a one out by themselves.
 */
export function isUndoing({ syntax }: FlowNode): boolean {
  const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  if (!ts.isCallExpression(call)) return false;
  const [statement] = call.arguments;
  if (statement && ts.isStringLiteralLike(statement)) return undoing.test(statement.text.trim());
  return undoing.test(calleeName(call)?.text ?? '');
}

const beginning = /^(?:begin|start\s+transaction)\b/i;

/**
 * Whether the node begins a transaction on the resource, or opens a channel in it. On a connection that was acquired just
 * now that fails only when the connection is dead.
 */
export function isBeginning({ syntax }: FlowNode, isResource: (owner: ts.Expression) => boolean): boolean {
  const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  if (!ts.isCallExpression(call)) return false;
  const owner = receiver(call);
  const name = calleeName(call)?.text ?? '';
  const [statement] = call.arguments;
  const begins =
    statement && ts.isStringLiteralLike(statement)
      ? beginning.test(statement.text.trim())
      : /^(?:(?:begin|start)Transaction|create\w*Channel)$/.test(name);
  return begins && owner !== undefined && isResource(owner);
}

/** Events by which a socket or stream says that it goes on. */
const readiness = /^(?:connect|secureConnect|ready|open|readable|drain|finish|end|close|exit|listening|response)$/;

const isReadiness = (event: ts.Expression): boolean => ts.isStringLiteralLike(event) && readiness.test(event.text);

/**
 * Whether the node waits for an event of the resource itself: `await once(socket, 'connect')`. That fails by the resource's
 * own error, which ends it.
 */
export function awaitsOwnEvent({ kind, syntax }: FlowNode, isResource: (owner: ts.Expression) => boolean): boolean {
  let call: ts.Expression | undefined =
    ts.isAwaitExpression(syntax) || kind === 'settle' ? (syntax as ts.AwaitExpression | ts.CallExpression) : undefined;
  if (call && ts.isAwaitExpression(call)) call = strip(call.expression);
  while (call && ts.isCallExpression(call) && /^(?:then|catch|finally)$/.test(calleeName(call)?.text ?? '')) {
    const owner = receiver(call);
    call = owner && strip(owner);
  }
  if (!call || !ts.isCallExpression(call)) return false;
  const [emitter, event] = call.arguments;
  return emitter !== undefined && event !== undefined && isReadiness(event) && isResource(emitter);
}
