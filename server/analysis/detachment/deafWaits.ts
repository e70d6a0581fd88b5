import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, contains, enclosingRoot, receiver, strip, unstrip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { originOf } from './origins.ts';
import { isWithin, type MadePromise, madePromise, promiseAround, settlementsOf } from './settling.ts';
import { listenersOf, type Registration, registrationsOf } from './soleEvent.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** A wait for an event, or for some time, that the failure of what is waited for does not end. */
export interface DeafWait {
  readonly awaited: Registration;
  /** Where the code goes on with it, as if it were there. */
  readonly goesOn: ts.Node;
}

/** What requests and connections allow or announce, and what never comes when they have failed. */
const permitting = /^(?:continue|drain|response|upgrade|connect|secureConnect)$/;
const failing = /^(?:error|close|abort|aborted|end|timeout|finish)$/;

/**
 * `await Promise.race([sleep, new Promise((go) => request.once('continue', go))]); send(request)`: when the request fails
 * meanwhile, the wait lasts to its end, and then the code goes on with a request that is over. Where anything of the
 * function hears of the failure, or asks the object afterwards, nothing is said.
 */
export function deafWait(timer: Timer, { unit }: FileAnalysis): DeafWait | undefined {
  const promise = promiseAround(timer.call, unit);
  const own = callbackLiteral(timer);
  const isOwn = (it: ReturnType<typeof settlementsOf>[number]): boolean =>
    it.node === timer.callback || (own !== undefined && isWithin(it, own));
  if (!promise || !settlementsOf(promise).some((it) => it.by === 'resolve' && isOwn(it))) return undefined;
  const race = raceOfPromises(promise, unit);
  const statement = awaitingStatement(race?.call ?? promise.node);
  if (!statement) return undefined;
  const registrations: Registration[] = [];
  for (const settlement of (race?.promises ?? [promise]).flatMap(settlementsOf)) {
    if (isOwn(settlement)) continue;
    const found = settlement.by === 'resolve' ? registrationsOf(settlement, unit) : undefined;
    if (!found) return undefined;
    registrations.push(...found);
  }
  const [awaited] = registrations;
  if (!awaited || !permitting.test(awaited.event)) return undefined;
  if (registrations.some(({ event, object }) => event !== awaited.event || object !== awaited.object)) return undefined;
  const root = enclosingRoot(statement);
  if (listenersOf(awaited, root).some(({ event }) => failing.test(event))) return undefined;
  const goesOn = nextUse(awaited.object, statement, root);
  return goesOn && { awaited, goesOn };
}

/** The race that a promise is part of, when all that take part are made where it stands. */
function raceOfPromises(
  { node }: MadePromise,
  unit: SourceUnit,
): { readonly call: ts.CallExpression; readonly promises: readonly MadePromise[] } | undefined {
  const list = unstrip(node).parent;
  const call = ts.isArrayLiteralExpression(list) ? unstrip(list).parent : undefined;
  if (!call || !ts.isCallExpression(call) || originOf(call.expression, unit)?.name !== 'Promise.race') return undefined;
  const promises = (list as ts.ArrayLiteralExpression).elements.flatMap((element) => {
    const made = strip(element);
    return (ts.isNewExpression(made) && madePromise(made, unit)) || [];
  });
  return promises.length === (list as ts.ArrayLiteralExpression).elements.length ? { call, promises } : undefined;
}

/** The statement that waits and asks for nothing: `await promise;`. */
function awaitingStatement(whole: ts.Expression): ts.Statement | undefined {
  const { parent } = unstrip(whole);
  const statement = ts.isAwaitExpression(parent) ? unstrip(parent).parent : undefined;
  return statement && ts.isExpressionStatement(statement) ? statement : undefined;
}

/** The first call behind the wait that gets the object, or is one of its own, when nothing asks before how it is. */
function nextUse(object: string, statement: ts.Statement, root: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  let asks = false;
  walkFunction((root as ts.FunctionLikeDeclaration).body ?? root, (node) => {
    if (node.pos < statement.end || found || asks) return;
    if (ts.isIfStatement(node)) asks = true;
    const isCall = ts.isCallExpression(node) && !/^(?:on|once|off|remove\w*)$/.test(calleeName(node)?.text ?? '');
    if (!isCall || contains(statement, node)) return;
    const isGiven = node.arguments.some((it) => strip(it).getText() === object);
    if (isGiven || receiver(node)?.getText() === object) found = node;
  });
  return found;
}
