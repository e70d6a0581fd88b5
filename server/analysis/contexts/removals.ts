import ts from 'typescript';
import { ancestry } from '../semantics/related.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import {
  contains,
  enclosingClass,
  enclosingRoot,
  isFunctionLiteral,
  memberName,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { ownershipTestAround } from './conditionalEnds.ts';
import { boundFunction, handlerLiteral, type Registration, registrationAt } from './registrations.ts';

/** A call that takes listeners away. */
export interface Removal {
  readonly call: ts.CallExpression;
  readonly token: ts.Identifier;
  readonly emitter: ts.Expression;
  /** Absent: all events. */
  readonly event: ts.Expression | undefined;
  /** Absent: all listeners. */
  readonly handler: ts.Expression | undefined;
  readonly options: ts.Expression | undefined;
}

const removes = new Set(['off', 'removeListener', 'removeEventListener']);
const removesAll = new Set(['removeAllListeners', 'offAll', 'clearListeners', 'unbindAll']);
/** What ends the life of an emitter that somebody owns. */
const ends = new Set([
  'close',
  'destroy',
  'terminate',
  'end',
  'disconnect',
  'kill',
  'dispose',
  'quit',
  'shutdown',
  'stop',
  'unref',
]);
/** Those after which it is never used again. */
const forGood = new Set(['destroy', 'terminate', 'end', 'kill', 'quit']);
/** All removals of a file. */
export const removalsOf = (file: ts.SourceFile): readonly Removal[] => readIn(file, callKinds, removalAt);

function removalAt(node: ts.Node): Removal | undefined {
  const callee = memberCalled(node);
  if (!callee || !ts.isCallExpression(node)) return undefined;
  const [event, handler, options] = node.arguments;
  const base = { call: node, token: callee.name, emitter: callee.expression };
  if (removes.has(callee.name.text)) return { ...base, event, handler, options };
  return removesAll.has(callee.name.text) ? { ...base, event, handler: undefined, options: undefined } : undefined;
}

const endingsOf = (file: ts.SourceFile): readonly ts.PropertyAccessExpression[] => readIn(file, callKinds, endingAt);

function endingAt(node: ts.Node): ts.PropertyAccessExpression | undefined {
  const callee = memberCalled(node);
  return callee && ends.has(callee.name.text) ? callee : undefined;
}

function memberCalled(node: ts.Node): (ts.PropertyAccessExpression & { readonly name: ts.Identifier }) | undefined {
  const callee = ts.isCallExpression(node) ? strip(node.expression) : undefined;
  const isMember = callee && ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.name);
  return isMember ? (callee as ts.PropertyAccessExpression & { readonly name: ts.Identifier }) : undefined;
}

/**
 * Who takes a listener away again. `outside`: something else than the listener itself, or somebody who was handed what is
 * needed. `itself`: only the listener, when it runs. `nobody`.
 */
export type RemovedBy = 'outside' | 'itself' | 'nobody';

/**
 * Looks for the removal of a listener anywhere in its file, by the same reference; `counts`: whether one is of use. What an
 * object closes when it ends comes after all of its waits (`isOfWait`).
 */
export function removedBy(
  semantics: Semantics,
  registration: Registration,
  counts: (removal: Removal) => boolean = () => true,
  isOfWait = false,
): RemovedBy {
  if (hasSignal(registration) || isHandedOn(registration)) return 'outside';
  const { handler, call } = registration;
  const file = call.getSourceFile();
  const literal = functionOf(semantics, handler);
  let byItself = false;
  for (const removal of removalsOf(file)) {
    if (!matches(semantics, registration, removal) || !counts(removal)) continue;
    if (!literal || !contains(literal, removal.call) || isCalledOtherwise(semantics, registration)) return 'outside';
    byItself = true;
  }
  if ((!isOfWait && endsWithOwner(semantics, registration)) || endsBeside(registration)) return 'outside';
  if (isKept(semantics, registration)) return 'outside';
  return byItself ? 'itself' : 'nobody';
}

/** `{ signal }` among the options, or options that cannot be read. */
function hasSignal({ options }: Registration): boolean {
  if (!options) return false;
  const inner = strip(options);
  if (inner.kind === ts.SyntaxKind.TrueKeyword || inner.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (!ts.isObjectLiteralExpression(inner)) return true;
  return inner.properties.some((it) => ts.isSpreadAssignment(it) || it.name?.getText() === 'signal');
}

/** `const off = bus.on(…)`: whoever gets the value can unsubscribe. */
function isHandedOn({ call, api }: Registration): boolean {
  if (api === 'emitter' && isGivenKeeper(call)) return true;
  const whole = unstrip(call);
  const { parent } = whole;
  if (ts.isVariableDeclaration(parent) || ts.isReturnStatement(parent) || ts.isArrayLiteralExpression(parent))
    return true;
  if (ts.isPropertyAssignment(parent)) return true;
  if (ts.isBinaryExpression(parent))
    return parent.right === whole && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  // Arguments: `disposables.push(bus.on(…))`.
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && (parent.arguments?.includes(whole) ?? false);
}

/** `bus.on('end', f, null, this.disposables)`: what ends the listener is put among the others. */
function isGivenKeeper({ arguments: given }: ts.CallExpression): boolean {
  return given.length > 3 || given.slice(2).some((it) => /dispos|subscriptions$|cleanups?$/i.test(lastName(it)));
}

/** Whether the removal takes away what the registration adds. */
export function matches(semantics: Semantics, registration: Registration, removal: Removal): boolean {
  if (!removal.handler) {
    // Emitters of somebody's own: `off(listener)` for all events.
    if (removal.event && sameReference(semantics, registration.handler, removal.event)) return true;
    const sameEvent = !removal.event || sameText(removal.event, registration.event);
    return sameEvent && sameEmitter(registration.emitter, removal.emitter);
  }
  if (removal.event && !sameEvent(registration, removal.event)) return false;
  return sameReference(semantics, registration.handler, removal.handler);
}

function sameEvent({ event, eventName }: Registration, other: ts.Expression): boolean {
  // Names that are not written out may be anything.
  if (eventName === undefined || !ts.isStringLiteralLike(other)) return true;
  return eventName === other.text || sameText(event, other);
}

/** The same name or path, or the end of it: `this.bus` and `bus`. */
export function sameEmitter(a: ts.Expression, b: ts.Expression): boolean {
  return sameText(a, b) || lastName(a) === lastName(b);
}

function lastName(node: ts.Expression): string {
  const inner = strip(node);
  return ts.isIdentifier(inner) ? inner.text : (memberName(inner) ?? inner.getText());
}

export function sameText(a: ts.Node, b: ts.Node): boolean {
  return a === b || plain(a) === plain(b);
}

function plain(node: ts.Node): string {
  return node.getText().replace(/\s+|[?!]\.?(?=\.|$)|['"`]/g, '');
}

/** Whether two expressions name the same function: the same binding, field or property. */
export function sameReference(semantics: Semantics, a: ts.Expression, b: ts.Expression): boolean {
  const left = referenceOf(a);
  const right = referenceOf(b);
  if (!left || !right) return false;
  if (ts.isIdentifier(left) && ts.isIdentifier(right)) {
    if (left.text !== right.text) return aliases(semantics, left, right);
    const { scopes } = semantics.program.unitOf(left);
    const own = scopes.bindingOf(left);
    return own === scopes.bindingOf(right);
  }
  // `this.onData` here and `self.onData` there.
  const own = keyOf(left);
  return (
    (own !== undefined && own === keyOf(right)) ||
    holdsOther(semantics, left, right) ||
    holdsOther(semantics, right, left)
  );
}

/** What names the place in its object: a member's name, or the text of a computed one. */
function keyOf(node: ts.Expression): string | undefined {
  return memberName(node) ?? (ts.isElementAccessExpression(node) ? node.argumentExpression.getText() : undefined);
}

/** `const h = this.onX = () => …` and the like: a name that holds the other one's value. */
function aliases(semantics: Semantics, a: ts.Identifier, b: ts.Identifier): boolean {
  const { scopes } = semantics.program.unitOf(a);
  const [left, right] = [a, b].map((node) => initialOf(scopes.bindingOf(node)));
  return (
    (left !== undefined && ts.isIdentifier(left) && left.text === b.text) ||
    (right !== undefined && ts.isIdentifier(right) && right.text === a.text)
  );
}

/** `saved.current` where `saved` is `useRef(listener)`. */
function holdsOther(semantics: Semantics, ref: ts.Expression, value: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(ref) || ref.name.text !== 'current' || !ts.isIdentifier(ref.expression))
    return false;
  const initial = initialOf(semantics.program.unitOf(ref).scopes.bindingOf(ref.expression));
  if (!initial || !ts.isCallExpression(initial) || !/\buseRef$/.test(initial.expression.getText())) return false;
  const [first] = initial.arguments;
  return first !== undefined && ts.isIdentifier(value) && sameReference(semantics, first, value);
}

/** The name or path of a handler: also what an assignment in its place writes to. */
function referenceOf(handler: ts.Expression): ts.Expression | undefined {
  const inner = strip(handler);
  if (ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner))
    return inner;
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return referenceOf(inner.left);
  // A function's own name inside of it.
  return ts.isFunctionExpression(inner) && inner.name ? inner.name : undefined;
}

/** The function literal that a handler is or names. */
export function functionOf(semantics: Semantics, handler: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  const literal = handlerLiteral(handler);
  if (literal) return literal;
  const inner = boundFunction(handler) ?? strip(handler);
  return semantics.targets.functionOf(inner);
}

/** Whether others than the emitter may run the listener, and with it the removal that it holds. */
function isCalledOtherwise(semantics: Semantics, { handler, call }: Registration): boolean {
  const reference = referenceOf(handler);
  if (!reference || !ts.isIdentifier(reference)) return false;
  const binding = semantics.program.unitOf(reference).scopes.bindingOf(reference);
  return (
    binding?.references.some((it) => {
      const { parent } = it;
      if (!ts.isCallExpression(parent) || contains(call, it)) return false;
      if (parent.expression === it) return true;
      // Given to something else: another event, a timer.
      const name = calleeText(parent);
      return !removes.has(name) && !sameCallKind(registrationAt(parent), call);
    }) ?? false
  );
}

function sameCallKind(other: Registration | undefined, call: ts.CallExpression): boolean {
  return other !== undefined && other.call === call;
}

function calleeText(call: ts.CallExpression): string {
  const callee = strip(call.expression);
  return ts.isIdentifier(callee) ? callee.text : (memberName(callee) ?? '');
}

/** Where a class ends the emitter that it holds, but only if it made it itself. */
export function endedIfOwn({ emitter, call }: Registration): ts.Expression | undefined {
  const owner = enclosingClass(call);
  const bare = (node: ts.Expression): string => lastName(node).replace(/^[_#]+/, '');
  return endingsOf(call.getSourceFile()).find(
    (it) =>
      owner !== undefined &&
      contains(owner, it) &&
      /^this\./.test(it.expression.getText()) &&
      bare(it.expression) === bare(emitter) &&
      ownershipTestAround(it) !== undefined,
  );
}

/** A class that closes the emitter it holds, or a base class of it, takes its listeners with it. */
function endsWithOwner(semantics: Semantics, { emitter, call, event }: Registration): boolean {
  const owner = enclosingClass(call);
  const target = strip(emitter);
  if (!owner || !ts.isPropertyAccessExpression(target) || strip(target.expression).kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  const [, ...bases] = owner.heritageClauses ? ancestry(semantics.inference, owner) : [owner];
  return [owner, ...bases].some((it) => {
    const declaring = it.getSourceFile();
    return (
      endingsOf(declaring).some(
        (end) => contains(it, end) && sameText(end.expression, target) && !ownershipTestAround(end),
      ) ||
      (it !== owner &&
        removalsOf(declaring).some(
          (removal) =>
            contains(it, removal.call) &&
            !removal.handler &&
            (!removal.event || sameText(removal.event, event)) &&
            sameText(removal.emitter, target),
        ))
    );
  });
}

/** `stream.on('error', log); stream.destroy(error);`: what ends the emitter stands beside the registration. */
function endsBeside({ emitter, call }: Registration): boolean {
  const root = enclosingRoot(call);
  if (ts.isSourceFile(root) || strip(emitter).kind === ts.SyntaxKind.ThisKeyword) return false;
  return endingsOf(call.getSourceFile()).some(
    (it) =>
      contains(root, it) &&
      enclosingRoot(it) === root &&
      sameText(it.expression, emitter) &&
      (it.pos > call.pos ? it.name.text !== 'unref' : forGood.has(it.name.text)),
  );
}

const continuation = /^(?:next|cb|callback|done)$/;
const runners = new Set([
  'setTimeout',
  'setImmediate',
  'then',
  'catch',
  'finally',
  'nextTick',
  'queueMicrotask',
  'bind',
  'call',
  'apply',
]);

/** A listener that is stored or given to a function beside its registration: whoever has it can take it away. */
function isKept(semantics: Semantics, { handler, call }: Registration): boolean {
  const inner = strip(handler);
  // `listeners.exit` of a local object: who gets that has its functions, too.
  const owner = ts.isPropertyAccessExpression(inner) ? strip(inner.expression) : inner;
  const reference = ts.isIdentifier(owner) ? owner : undefined;
  if (!reference) return false;
  const binding = semantics.program.unitOf(reference).scopes.bindingOf(reference);
  if (!binding || ts.isSourceFile(binding.scope.node) || binding.kind === 'import') return false;
  if (owner !== inner && !ts.isObjectLiteralExpression(initialOf(binding) ?? inner)) return false;
  return binding.references.some((it) => {
    if (contains(call, it)) return false;
    const { parent } = it;
    if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return true;
    if (ts.isArrayLiteralExpression(parent) || ts.isReturnStatement(parent)) return true;
    if (ts.isBinaryExpression(parent)) return parent.right === it && keeps(strip(parent.left));
    if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
    // Whoever gets a continuation calls it.
    if (!parent.arguments?.includes(it) || (binding.kind === 'parameter' && continuation.test(it.text))) return false;
    if (ts.isNewExpression(parent)) return true;
    const name = calleeText(parent);
    return !registrationAt(parent) && !removes.has(name) && !runners.has(name);
  });
}

/** `this.listener = f` keeps it; `signal.onabort = f` registers it a second way. */
function keeps(target: ts.Expression): boolean {
  return !/^on[a-z]+$/.test(memberName(target) ?? '');
}

/** Whether a handler's identity is new for each evaluation: a literal, or `bind`. */
export function isFresh(handler: ts.Expression): boolean {
  const inner = strip(handler);
  return isFunctionLiteral(inner) || boundFunction(inner) !== undefined;
}
