import ts from 'typescript';
import { constantOf } from '../detachment/constants.ts';
import type { Known } from '../inference/known.ts';
import type { WaitPhase, WaitValue } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { isInCleanup } from '../syntax/leaving.ts';
import { calleeName, enclosingRoot, receiver, strip, unstrip, walk } from '../syntax/tree.ts';
import { isAwaited } from './awaited.ts';
import { type Role, Roles } from './roles.ts';
import type { Call, WaitSite } from './sites.ts';
import { type MethodUse, usesOf } from './valueUses.ts';

/** A timer whose end only emits an event. */
export interface Armed {
  /** The option's value or the call that sets it. */
  readonly node: ts.Expression;
  /** What is called when it expires, where anything is. */
  readonly handler: ts.Expression | undefined;
}

export interface ValueBounds {
  /** Phases that something done with the value ends. */
  readonly phases: ReadonlySet<WaitPhase>;
  /** Phases that code out of sight may end. */
  readonly unknown: ReadonlySet<WaitPhase>;
  /** Timers of which nothing comes. */
  readonly toothless: readonly Armed[];
}

/** What the code does with the object that stands for a wait to end it. */
export function boundsOfValue(
  semantics: Semantics,
  { call, wait }: WaitSite,
  emitted: readonly ts.Expression[],
): ValueBounds | undefined {
  const { value } = wait;
  if (!value) return undefined;
  const start = objectOf(semantics, call, value);
  if (!start) return { phases: new Set(), unknown: new Set(wait.phases), toothless: [] };
  const { methods, escapes, receives } = usesOf(semantics, start, value);
  const roles = new Roles(semantics.program, call, (value.connected?.length ?? 0) > 0);
  const phases = new Set<WaitPhase>();
  const unknown = new Set<WaitPhase>();
  const armed: (Armed & { readonly late: boolean })[] = emitted.map((node) => ({
    node,
    handler: undefined,
    late: false,
  }));
  const handlers: ts.Expression[] = [];
  let endsOnTimeout = false;
  let endsWithOther = false;
  for (const use of methods) {
    const { name, call: used } = use;
    const bounding = value.bounding?.[name];
    if (bounding !== undefined && used) phases.add(bounding);
    const added = used && name === value.operators?.method ? used.arguments : [];
    if (
      added.some(
        (argument) =>
          ts.isCallExpression(argument) && value.operators?.bounding.includes(calleeName(argument)?.text ?? ''),
      )
    )
      phases.add('total');
    if (used && value.timers?.includes(name)) {
      const [time, handler] = used.arguments;
      if (time && constantOf(time, semantics.program) !== 0) {
        // Beside the call that connects, it runs while that connects, whatever the function is called from.
        const isBeside = enclosingRoot(used) === enclosingRoot(call);
        armed.push({ node: used, handler, late: !isBeside && isAfterConnecting(roles, used) });
        if (handler) handlers.push(handler);
      }
    }
    if (used && listensFor(used, 'timeout') && used.arguments[1]) handlers.push(used.arguments[1]);
    if (!value.ends.includes(name)) continue;
    const when = rolesOfUse(roles, use);
    if (when.has('failed')) endsWithOther = true;
    if (when.has('abort')) phases.add('total');
    if (isEndedByBase(semantics, use.node)) for (const phase of wait.phases) unknown.add(phase);
    if (when.has('timer')) phases.add(phaseOfTimer(call, roles));
    // An error that a handler of the timer reports may end it in a `catch`.
    if (when.has('timeout') || (handlers.length > 0 && when.has('failed') && isInCleanup(use.node)))
      endsOnTimeout = true;
  }
  if (handlers.some((handler) => !isReadable(semantics, handler))) endsOnTimeout = true;
  const isRejectedInto =
    handlers.some((handler) => emitsError(handler)) &&
    methods.some((use) => value.ends.includes(use.name) && rolesOfUse(roles, use).has('failed'));
  if ((armed.length > 0 || (value.armed && endsOnTimeout)) && (endsOnTimeout || isRejectedInto)) {
    phases.add('idle');
    if (armed.some(({ late }) => !late)) phases.add('connect').add('handshake');
  }
  if (
    value.finished &&
    !methods.some(
      ({ call: used }) =>
        used && value.finished?.some((event) => listensFor(used, event) && isAwaited(semantics, used)),
    )
  )
    for (const phase of wait.phases) unknown.add(phase);
  if (wait.of === 'socket' && escapes.length === 0 && isOnlyWritten(methods, receives)) phases.add('idle');
  // What goes through to another connection, and back, is as long as that one.
  const isBound = value.accepted !== undefined || endsWithOther;
  if (isBound && methods.some(isTunnelled)) for (const phase of wait.phases) unknown.add(phase);
  const late = escapes.filter((node) => !isAfterConnecting(roles, node));
  for (const phase of wait.phases) {
    if (late.length > 0 || (escapes.length > 0 && phase !== 'connect' && phase !== 'handshake')) unknown.add(phase);
  }
  return { phases, unknown, toothless: endsOnTimeout || isRejectedInto ? [] : armed };
}

/** What stands for the wait: the call, what it is made on, or what the function that it calls back is given. */
export function objectOf(
  semantics: Semantics,
  call: Call,
  value: WaitValue,
): ts.Expression | ts.BindingName | undefined {
  if (value.receiver) {
    const own = ts.isCallExpression(call) ? receiver(call) : undefined;
    const name = own && strip(own);
    if (!name || ts.isPropertyAccessExpression(name)) return name;
    // What somebody else made may be bounded there.
    const binding = ts.isIdentifier(name) ? semantics.program.unitOf(name).scopes.bindingOf(name) : undefined;
    return binding && binding.kind !== 'parameter' && binding.kind !== 'import' ? (name as ts.Identifier) : undefined;
  }
  if (value.accepted === undefined) return call;
  const handler = call.arguments?.at(-1);
  return handler && semantics.targets.functionOf(handler)?.parameters[value.accepted]?.name;
}

/** Whether nobody waits for what the other end says: the socket is written to and its end heard of, and nothing reads. */
export function isOnlyWritten(methods: readonly MethodUse[], receives: boolean): boolean {
  const isWritten = receives || methods.some(({ name, call }) => name === 'write' && call);
  const isWatched = methods.some(({ call }) => call !== undefined && listensFor(call, 'close'));
  return isWritten && isWatched && !methods.some(reads);
}

/** `socket.on('data', …)`, `socket.pipe(parser)`, also for events that are not written out. */
function reads({ name, call }: MethodUse): boolean {
  if (/^(?:pipe|read|ondata|onmessage|\w*[iI]terator|map|filter|forEach|toArray)$/.test(name)) return true;
  if (!call || !/^(?:on|once|addListener|prependListener|addEventListener)$/.test(name)) return false;
  const [event] = call.arguments;
  return !event || !ts.isStringLiteralLike(event) || /^(?:data|readable|message|end)$/.test(event.text);
}

/** `socket.pipe(other)` where `other.pipe(socket)` stands beside it. */
function isTunnelled({ name, node, call }: MethodUse): boolean {
  const [other] = call?.arguments ?? [];
  if (name !== 'pipe' || !other || !ts.isIdentifier(other)) return false;
  const own = node.expression.getText();
  return own !== other.text && enclosingRoot(node).getText().replace(/\s/g, '').includes(`${other.text}.pipe(${own}`);
}

/**
 * Whether a method that ends the object is one that the class's base calls, and the base has a timer: `connect()` of the
 * base gives up after a while and calls `this._close()`.
 */
function isEndedByBase({ inference }: Semantics, node: ts.Node): boolean {
  const method = ts.findAncestor(node, ts.isMethodDeclaration);
  if (!method || !ts.isClassLike(method.parent)) return false;
  const called = new RegExp(`\\bthis\\.${method.name.getText().replace(/\W/g, '\\$&')}\\s*\\(`);
  const seen = new Set<ts.Node>();
  let owner: ts.ClassLikeDeclaration | undefined = method.parent;
  while (owner && !seen.has(owner)) {
    seen.add(owner);
    const base: ts.Expression | undefined = owner.heritageClauses?.find(
      ({ token }) => token === ts.SyntaxKind.ExtendsKeyword,
    )?.types[0]?.expression;
    owner = base && classOf(inference, inference.evaluate(base));
    const text = owner?.getText() ?? '';
    if (called.test(text) && /\bset(?:Timeout|Interval)\s*\(/.test(text)) return true;
  }
  return false;
}

/** A class, also one that is all that a CommonJS module exports. */
function classOf(inference: Semantics['inference'], known: Known | undefined): ts.ClassLikeDeclaration | undefined {
  if (known?.kind === 'class') return known.class;
  const exported = known?.kind === 'module' ? known.unit.exports.named.get('default') : undefined;
  if (!exported || !('node' in exported)) return undefined;
  if (ts.isClassLike(exported.node)) return exported.node;
  const value = ts.isExpression(exported.node) ? inference.evaluate(exported.node) : undefined;
  return value?.kind === 'class' ? value.class : undefined;
}

function rolesOfUse(roles: Roles, { node, call }: MethodUse): ReadonlySet<Role> {
  if (call) return roles.of(call);
  let current: ts.Expression = unstrip(node);
  // `socket.destroy.bind(socket)`
  const access = current.parent;
  if (ts.isPropertyAccessExpression(access) && ts.isCallExpression(access.parent)) current = unstrip(access.parent);
  const { parent } = current;
  return ts.isCallExpression(parent) && parent.arguments.includes(current)
    ? roles.ofArgument(parent, current)
    : roles.of(current);
}

/** Whether a call registers a listener for an event. */
export function listensFor(call: ts.CallExpression, event: string): boolean {
  const [first] = call.arguments;
  const name = calleeName(call)?.text ?? '';
  return (
    /^(?:on|once|addListener|prependListener)$/.test(name) &&
    first !== undefined &&
    ts.isStringLiteralLike(first) &&
    first.text === event
  );
}

/** Whether it can be read what a handler does. */
function isReadable(semantics: Semantics, handler: ts.Expression): boolean {
  const fn = strip(handler);
  if (ts.isFunctionExpression(fn) || ts.isArrowFunction(fn)) return true;
  // The caller's own callback never sees the object.
  const named = ts.isCallExpression(fn) && calleeName(fn)?.text === 'bind' ? receiver(fn) : fn;
  if (named && ts.isIdentifier(named)) {
    const binding = semantics.program.unitOf(named).scopes.bindingOf(named);
    if (binding?.kind === 'parameter') return true;
  }
  return semantics.targets.functionOf(handler) !== undefined;
}

/** `socket.emit('error', …)`: what happens then is written in the handler of the error. */
function emitsError(handler: ts.Expression): boolean {
  let found = false;
  walk(handler, (node) => {
    if (!ts.isCallExpression(node) || calleeName(node)?.text !== 'emit') return;
    const [event] = node.arguments;
    if (event && ts.isStringLiteralLike(event) && (event.text === 'error' || event.text === 'close')) found = true;
  });
  return found;
}

/** What a timer around the wait bounds: all of it, unless it is cleared as soon as the connection stands or the headers are there. */
function phaseOfTimer(call: ts.Node, roles: Roles): WaitPhase {
  const cleared = new Set<Role>();
  walk(enclosingRoot(call), (node) => {
    if (ts.isCallExpression(node) && calleeName(node)?.text === 'clearTimeout')
      for (const role of roles.of(node)) cleared.add(role);
  });
  if (cleared.has('connected')) return 'connect';
  return cleared.has('answered') ? 'headers' : 'total';
}

const isAfterConnecting = (roles: Roles, node: ts.Node): boolean => {
  const when = roles.of(node);
  return when.has('connected') || when.has('answered') || when.has('received');
};
