import ts from 'typescript';
import {
  calleeName,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  receiver,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { isSelfName } from './endedState.ts';
import type { Handle } from './handles.ts';
import { isNotice, type Owner, type OwnerEnd, ownerAround, reachedFrom } from './owners.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** A timer that acts on its owner after the owner was ended. */
export interface OutlivedEnd {
  readonly end: OwnerEnd;
  /** What the callback does to the owner. */
  readonly acts: ts.Node;
  /** Where the timer is cleared, if anywhere. */
  readonly cleared: ts.Node | undefined;
  /** The callback finds out by itself that its object has ended: all that is left is a process that stays alive. */
  readonly asks: boolean;
}

/**
 * A timer in a field that some method clears, but none that ends the object: `close()` leaves it running, and it acts on
 * what was closed. What an ending event or function clears, somebody has arranged for.
 */
export function outlivedEnd(timer: Timer, handle: Handle): OutlivedEnd | undefined {
  if (timer.keeping.by !== 'member' || handle.escapes || handle.isUnref) return undefined;
  const owner = ownerAround(timer.call);
  const isOwn = isSelf(strip(timer.keeping.target.expression));
  const own = owner && (isOwn ? codeOf(timer, owner) : callbackLiteral(timer));
  if (!owner || owner.ends.length === 0 || !own) return undefined;
  const clears = handle.clears.filter(({ node }) => !contains(own, node)).map(({ node }) => node);
  const [cleared] = clears;
  if (!cleared || clears.some((node) => !isRestart(node, timer) && isInEnding(node))) return undefined;
  // What starts it anew, and the listeners that it adds, end nothing.
  const starter = enclosingRoot(timer.call);
  const reached = owner.ends.flatMap(({ fn }) => reachedFrom(fn, owner, 3, starter));
  if (reached.some((it) => clears.some((clear) => contains(it, clear)))) return undefined;
  if (!isOwn && clearsByMethod(reached, clears)) return undefined;
  if (isLeftToOthers(reached, clears, owner) || isTold(timer, clears, owner)) return undefined;
  const end = endBesides(timer, owner);
  const acts = end && (callbackLiteral(timer) ? actionOn(own, owner) : timer.callback);
  const asks = asksState(own, owner);
  // A callback that finds out is left alone wherever somebody may have arranged for it.
  if (asks && clears.some((node) => isInEnding(node))) return undefined;
  // Cleared only to be started anew, and started anew by its own callback: it goes round until somebody ends it.
  const goesRound = (): boolean =>
    clears.every((node) => isRestart(node, timer)) && reachedFrom(own, owner, 1).some((it) => contains(it, timer.call));
  return acts && (!asks || goesRound()) ? { end, acts, cleared, asks } : undefined;
}

/** What a timer runs: what is written there, or a method of its owner. */
export function codeOf(timer: Timer, owner: Owner): ts.Node | undefined {
  const own = callbackLiteral(timer);
  if (own || !timer.callback) return own;
  const named = strip(timer.callback);
  const isBound = ts.isCallExpression(named) && calleeName(named)?.text === 'bind';
  const method = isBound ? receiver(named) : named;
  const target = method && strip(method);
  if (!target || !ts.isPropertyAccessExpression(target) || !isSelf(strip(target.expression))) return undefined;
  return owner.methods.get(target.name.text);
}

/** Cleared where it is started, before that. */
export const isRestart = (clear: ts.Node, { call }: Timer): boolean =>
  enclosingRoot(clear) === enclosingRoot(call) && clear.pos < call.pos;

/** The end that a timer outlives. One that starts it is the beginning of the end. */
export function endBesides({ call }: Timer, { ends }: Owner): OwnerEnd | undefined {
  const others = ends.filter((end) => !contains(end.fn, call) && !isNotice(end));
  return others.find(({ name }) => /^(?:close|destroy|dispose|stop)$/i.test(name.getText())) ?? others[0];
}

/** `for (const entry of this.entries) entry.unset()`: an end has what keeps the timer clear it, by a method of its own. */
function clearsByMethod(reached: readonly ts.Node[], clears: readonly ts.Node[]): boolean {
  const methods = new Set(clears.map(methodAround));
  return reached.some((it) =>
    some(it, (node) => {
      const name = ts.isCallExpression(node) && receiver(node) ? calleeName(node)?.text : undefined;
      return name !== undefined && methods.has(name);
    }),
  );
}

/** `close() { this.emit('close'); }`: whoever hears of the end runs the method that clears, which nothing in the object does. */
function isLeftToOthers(reached: readonly ts.Node[], clears: readonly ts.Node[], owner: Owner): boolean {
  const tells = (node: ts.Node): boolean => {
    const object = ts.isCallExpression(node) && calleeName(node)?.text === 'emit' ? receiver(node) : undefined;
    return object !== undefined && isSelf(strip(object));
  };
  return (
    reached.some((it) => some(it, tells)) &&
    clears.every((clear) => {
      const method = methodAround(clear);
      return method !== undefined && ownUses(method, owner).length === 0;
    })
  );
}

/** `if (data.open) this.timer = setInterval(…); else clearInterval(this.timer);` of a listener: an event tells when it is over. */
function isTold({ call }: Timer, clears: readonly ts.Node[], owner: Owner): boolean {
  const root = enclosingRoot(call);
  const method = methodAround(call);
  if (method === undefined || !ts.isMethodDeclaration(root) || clears.some((it) => enclosingRoot(it) !== root))
    return false;
  const uses = ownUses(method, owner);
  if (uses.length === 0 || uses.some(({ parent }) => ts.isCallExpression(parent))) return false;
  const given = root.parameters.map(({ name }) => name.getText());
  const choice = ts.findAncestor(call, (it): it is ts.IfStatement => {
    const isAround = ts.isIfStatement(it) && contains(it.thenStatement, call) && it.elseStatement !== undefined;
    return isAround && some(it.expression, (inner) => ts.isIdentifier(inner) && given.includes(inner.text));
  });
  const { elseStatement } = choice ?? {};
  return elseStatement !== undefined && clears.every((it) => contains(elseStatement, it));
}

/** Where an object speaks of a method of its own: `this.name`. */
function ownUses(name: string, owner: Owner): readonly ts.Node[] {
  const found: ts.Node[] = [];
  walk(owner.node, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === name && isSelf(strip(node.expression)))
      found.push(node);
  });
  return found;
}

function methodAround(node: ts.Node): string | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isMethodDeclaration(current)) return current.name.getText();
  }
  return undefined;
}

/** A dropped timer that acts on an object whose `dispose()` is there, and does nothing. */
export function emptyEnd(timer: Timer): OutlivedEnd | undefined {
  const owner = timer.keeping.by === 'nobody' ? ownerAround(timer.call) : undefined;
  const own = callbackLiteral(timer);
  const end = owner?.ends[0];
  if (!owner || !own || !end || !owner.ends.every(({ fn }) => isEmpty(fn))) return undefined;
  const acts = actionOn(own, owner);
  return acts && !asksState(own, owner) ? { end, acts, cleared: undefined, asks: false } : undefined;
}

const isEmpty = ({ body }: ts.FunctionLikeDeclaration): boolean =>
  body !== undefined && ts.isBlock(body) && body.statements.length === 0;

/** The first thing that a callback does to its object: a call of a method of its own, or of something it holds. */
export function actionOn(fn: ts.Node, owner: Owner): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(fn, (node) => {
    if (found || !ts.isCallExpression(node)) return;
    const callee = strip(node.expression);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const object = strip(callee.expression);
    const isOwn = isSelf(object) && (owner.methods.has(callee.name.text) || callee.name.text === 'emit');
    const isHeld =
      ts.isPropertyAccessExpression(object) &&
      isSelf(strip(object.expression)) &&
      /^(?:emit|fire|next|write|send|close|end|destroy|connect|publish)$/.test(callee.name.text);
    if (isOwn || isHeld) found = node;
  });
  return found;
}

/** `this`, or one of its usual names. */
export function isSelf(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(node) && isSelfName(node.text));
}

const states =
  /clos|destroy|stop|dispos|abort|disconnect|ended|ending|shut|quit|alive|active|running|connected|ready|state|status|cancel|enabled|started|open|mounted|terminat|exit|signal|timer|timeout/i;

/** Whether the code, or what it calls of its object, first asks in which state the object is. */
export function asksState(fn: ts.Node, owner: Owner): boolean {
  const ends = new Set<ts.Node>(owner.ends.map((end) => end.fn));
  return reachedFrom(fn, owner, 1).some((it) => {
    if (ends.has(it)) return false;
    let asks = false;
    walk(it, (node) => {
      const condition =
        ts.isIfStatement(node) || ts.isWhileStatement(node)
          ? node.expression
          : ts.isConditionalExpression(node)
            ? node.condition
            : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
              ? node.left
              : undefined;
      asks ||= condition !== undefined && states.test(condition.getText());
    });
    return asks;
  });
}

const endingWords = new Set([
  ...[
    'close',
    'closed',
    'end',
    'ended',
    'destroy',
    'disconnect',
    'stop',
    'clean',
    'cleanup',
    'dispose',
    'exit',
    'shut',
  ],
  ...['shutdown', 'tear', 'teardown', 'unload', 'cancel', 'abort', 'kill', 'quit', 'terminate', 'halt', 'unmount'],
  ...['leave', 'detach', 'disconnected', 'destroyed', 'finish', 'remove', 'reset', 'clear', 'release'],
]);

/** Whether a node stands in a function, or in the listener of an event, whose name says that something ends. */
function isInEnding(node: ts.Node): boolean {
  for (let current = node.parent; current; current = current.parent) {
    if (!ts.isFunctionLike(current)) continue;
    const name = current.name?.getText() ?? namedBy(current);
    if (name !== undefined && wordsOf(name).some((word) => endingWords.has(word.replace(/^on/, '')))) return true;
  }
  return false;
}

/** The name that a literal is given, or the event that it listens to. */
function namedBy(fn: ts.Node): string | undefined {
  if (!isFunctionLiteral(fn)) return undefined;
  const { parent } = unstrip(fn);
  if (ts.isCallExpression(parent)) {
    const [event] = parent.arguments;
    if (event && event !== fn && ts.isStringLiteralLike(event)) return event.text;
    return calleeName(parent)?.text;
  }
  if (ts.isBinaryExpression(parent)) return parent.left.getText().split('.').at(-1);
  return (parent as { readonly name?: ts.Node }).name?.getText();
}

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
