import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import {
  calleeName,
  contains,
  enclosingClass,
  enclosingRoot,
  isRoot,
  receiver,
  some,
  strip,
  walk,
} from '../syntax/tree.ts';
import { closureOwner } from './closureOwners.ts';
import { asksWhatEnds, starting } from './endedState.ts';
import { isFrontEnd } from './frontEnd.ts';
import type { Handle } from './handles.ts';
import { actionOn, asksState, codeOf, endBesides, isRestart, isSelf, type OutlivedEnd } from './ownerEnds.ts';
import { type Owner, ownerAround, reachedFrom } from './owners.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** Hardly anything ends in a wait that is shorter. */
const brief = 5000;

/** A timer in a variable that is cleared to be started anew, but that the ends of its owner cannot reach, or leave alone. */
export function unreachedEnd(timer: Timer, handle: Handle, { unit }: FileAnalysis): OutlivedEnd | undefined {
  const { keeping } = timer;
  if (isFrontEnd(unit)) return undefined;
  if (keeping.by !== 'name' || handle.escapes || handle.isUnref) return undefined;
  const scope = keeping.binding.scope.node;
  if (ts.isSourceFile(scope)) return undefined;
  return leftByClosure(timer, handle, scope) ?? hiddenInMethod(timer, handle, scope);
}

/** `let timer; … return { close() {} }`: the object of a function, whose end leaves its variable alone. */
function leftByClosure(timer: Timer, handle: Handle, scope: ts.Node): OutlivedEnd | undefined {
  const owner = closureOwner(scope);
  // What is started in the function itself is a part of making the object, or of one call.
  if (!owner || !timer.callback || isOwnRoot(timer.call, scope)) return undefined;
  const code = functionOf(timer, owner);
  const end = endBesides(timer, owner);
  if (!code || !end) return undefined;
  const reached = owner.ends.flatMap(({ fn }) => reachedFrom(fn, owner, 3));
  const isTouched = handle.references.some(({ node }) => reached.some((it) => contains(it, node)));
  if (isTouched || asksWhatEnds(code, owner)) return undefined;
  // Somebody else may end it: what clears it outside of the work that starts and runs it.
  const ran = [...reachedFrom(code, owner, 2), enclosingRoot(timer.call)];
  if (handle.clears.some(({ node }) => !ran.some((it) => contains(it, node)))) return undefined;
  const acts = callbackLiteral(timer) === code ? startIn(code, owner) : timer.callback;
  return acts && { end, acts, cleared: handle.clears[0]?.node, asks: false };
}

/** A variable of a method, or of the constructor, that listeners start the timer with over and over. */
function hiddenInMethod(timer: Timer, handle: Handle, scope: ts.Node): OutlivedEnd | undefined {
  const owner = ownerAround(timer.call);
  const own = callbackLiteral(timer);
  if (!owner || owner.ends.length === 0 || !own) return undefined;
  const root = enclosingRoot(timer.call);
  if (root === scope || contains(root, scope)) return undefined;
  const clears = handle.clears.filter(({ node }) => !contains(own, node));
  if (clears.length === 0 || !clears.every(({ node }) => isRestart(node, timer))) return undefined;
  const end = endBesides(timer, owner);
  const acts = end && actionOn(own, owner);
  return acts && !asksWhatEnds(own, owner) ? { end, acts, cleared: clears[0]?.node, asks: false } : undefined;
}

/** `setTimeout(() => this.connect(), 5000)` in an object whose `close()` neither ends the wait nor leaves a sign. */
export function startsEnded(timer: Timer, { unit }: FileAnalysis): OutlivedEnd | undefined {
  if (isFrontEnd(unit)) return undefined;
  const owner = timer.keeping.by === 'nobody' ? ownerAround(timer.call) : undefined;
  const code = owner && codeOf(timer, owner);
  const end = owner && endBesides(timer, owner);
  if (!owner || !code || !end || !enclosingClass(timer.call)) return undefined;
  const named = timer.callback && methodNamed(timer.callback);
  const acts = callbackLiteral(timer)
    ? startIn(code, owner)
    : named !== undefined && starting.test(named) && timer.callback;
  if (!acts || asksWhatEnds(code, owner) || asksState(code, { ...owner, methods: new Map() })) return undefined;
  // Where an end keeps it from being started, it has to come in the middle of the wait.
  const isBrief = timer.delay !== undefined && timer.delay < brief;
  if (isBrief && asksWhatEnds(enclosingRoot(timer.call), { ...owner, methods: new Map() })) return undefined;
  // An end that starts it again is a restart, and a start that ends before has one of it.
  const reached = owner.ends.flatMap(({ fn }) => reachedFrom(fn, owner, 2));
  return reached.some((it) => contains(it, timer.call)) ? undefined : { end, acts, cleared: undefined, asks: false };
}

function methodNamed(callback: ts.Expression): string | undefined {
  const expression = strip(callback);
  const target = ts.isCallExpression(expression) ? receiver(expression) : expression;
  return target && ts.isPropertyAccessExpression(target) ? target.name.text : undefined;
}

/** The first method or function of its own by which a callback puts the object to work again. */
function startIn(code: ts.Node, owner: Owner): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(code, (node) => {
    if (found || !ts.isCallExpression(node)) return;
    const name = calleeName(node)?.text ?? '';
    if (!starting.test(name) || !owner.methods.has(name)) return;
    const object = receiver(node);
    if (!object || isSelf(strip(object))) found = node;
  });
  return found;
}

function functionOf(timer: Timer, owner: Owner): ts.Node | undefined {
  const own = callbackLiteral(timer);
  if (own) return own;
  const named = timer.callback && strip(timer.callback);
  const name = named && ts.isIdentifier(named) ? named.text : undefined;
  return name !== undefined && starting.test(name) ? owner.methods.get(name) : undefined;
}

const isOwnRoot = (node: ts.Node, scope: ts.Node): boolean => {
  const root = enclosingRoot(node);
  return root === scope || (!isRoot(scope) && contains(root, scope)) || some(root, (it) => it === scope);
};
