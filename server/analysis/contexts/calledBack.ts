import ts from 'typescript';
import { type Caller, callers, singularEvents, singularOf, type Times } from '../resources/callbacks.ts';
import { isFunctionLiteral, memberName, strip, unstrip } from '../syntax/tree.ts';

/** How often a callback runs for each run of the call that takes it, and when. */
export interface CalledBack {
  readonly times: Times;
  /** After “every”. */
  readonly each: string;
  /** It runs after the call has returned. */
  readonly deferred: boolean;
}

const listens = new Set(['on', 'addListener', 'prependListener', 'addEventListener']);
const listensOnce = new Set(['once', 'prependOnceListener']);
const later = new Set(['then', 'catch', 'finally', 'setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask']);
/** Properties of an options object that hold a handler. */
const handlerProperties: Readonly<Record<string, string>> = {
  handler: 'request',
  fetch: 'request',
  eachMessage: 'message',
  eachBatch: 'batch',
  onMessage: 'message',
  onRequest: 'request',
  handleMessage: 'message',
};

const unknown: CalledBack = { times: 'once', each: 'call', deferred: false };

/** What a call does with a function that it is given; who knows nothing says: runs it once. */
export function calledBack(call: ts.CallExpression | ts.NewExpression, argument: ts.Node): CalledBack {
  const callee = strip(call.expression);
  const name = ts.isIdentifier(callee) ? callee.text : memberName(callee);
  const index = call.arguments?.indexOf(argument as ts.Expression) ?? -1;
  if (name === undefined || index < 0) return unknown;
  if (listensOnce.has(name)) return { times: 'once', each: 'call', deferred: true };
  if (listens.has(name) && index > 0) return listener(call);
  const caller = callers.find((it) => !(it.behind && index === 0) && fits(it, call, callee, name));
  // `createServer(app, (error, server) => …)`: told one time how it went.
  if (caller && (caller.times === 'request' || index > 0) && isCompletion(argument, caller, callee))
    return { ...unknown, deferred: true };
  return caller
    ? { ...caller, deferred: caller.times !== 'element' && (caller.times !== 'once' || later.has(name)) }
    : unknown;
}

/** A function in a property of an object: `route({ handler })`. */
export function calledBackFrom(property: string): CalledBack | undefined {
  const each = Object.hasOwn(handlerProperties, property) ? handlerProperties[property] : undefined;
  return each === undefined ? undefined : { times: 'request', each, deferred: true };
}

/** A callback of one error and at most one result, or of none where messages come by another way. */
function isCompletion(argument: ts.Node, { names }: Caller, callee: ts.Expression): boolean {
  if (!ts.isExpression(argument)) return false;
  const fn = strip(argument);
  if (!isFunctionLiteral(fn) || fn.parameters.length > 2) return false;
  const isOfClient = names.includes('subscribe') && ts.isPropertyAccessExpression(callee);
  if (fn.parameters.length === 0 && isOfClient) return messaging.test(lastName(callee.expression) ?? '');
  return /^(?:e|err|error)$/.test(fn.parameters[0]?.name.getText() ?? '');
}

/** Clients that tell by a callback that they have subscribed, and of messages by an event. */
const messaging = /(?:redis|mqtt|client|conn(?:ection)?)(?:Sub(?:scriber)?)?$|^sub(?:scriber)?$/i;

function listener(call: ts.CallExpression | ts.NewExpression): CalledBack {
  const [event, , options] = call.arguments ?? [];
  const name = event && ts.isStringLiteralLike(event) ? event.text : undefined;
  const constant = name ?? (event && constantName(event));
  if (isOnce(options) || (constant !== undefined && (isSingular(call, constant) || isMirrored(call, constant))))
    return { times: 'once', each: 'call', deferred: true };
  return { times: 'event', each: name === undefined ? 'event' : `\`${name}\` event`, deferred: true };
}

/** `ready` of `Events.Ready`, of `States.READY`. */
function constantName(event: ts.Expression): string | undefined {
  const node = strip(event);
  const last = ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
  return last && (/^[A-Z\d]+$/.test(last) ? last.toLowerCase() : last.charAt(0).toLowerCase() + last.slice(1));
}

/** A listener that hands on what others register, where another one takes that away again: how many there are is up to them. */
function isMirrored(call: ts.Node, event: string): boolean {
  return event === 'newListener' && /\.on\(\s*['"`]removeListener['"`]/.test(call.getSourceFile().text);
}

/** Whether the emitter emits the event one time in its life. */
function isSingular(call: ts.CallExpression | ts.NewExpression, event: string): boolean {
  if (singularEvents.has(event) || /^(?:init|ready|load|start|setup|mount)/i.test(event)) return true;
  const callee = strip(call.expression);
  const owner = ts.isPropertyAccessExpression(callee) ? lastName(callee.expression) : undefined;
  return owner !== undefined && singularOf.some((it) => it.owner.test(owner) && it.events.has(event));
}

/** `{ once: true }` */
export function isOnce(options: ts.Node | undefined): boolean {
  return (
    options !== undefined &&
    ts.isObjectLiteralExpression(options) &&
    options.properties.some(
      (it) =>
        ts.isPropertyAssignment(it) &&
        it.name.getText() === 'once' &&
        it.initializer.kind === ts.SyntaxKind.TrueKeyword,
    )
  );
}

function fits(
  caller: Caller,
  call: ts.CallExpression | ts.NewExpression,
  callee: ts.Expression,
  name: string,
): boolean {
  if (!caller.names.includes(name)) return false;
  if (caller.receiver !== undefined) {
    const base = ts.isPropertyAccessExpression(callee) ? lastName(callee.expression) : undefined;
    if (caller.receiver === 'none' ? base !== undefined : base === undefined || !caller.receiver.test(base))
      return false;
  }
  const [first] = call.arguments ?? [];
  if (caller.first && !(first && ts.isStringLiteralLike(first) && caller.first.test(first.text))) return false;
  if (caller.path && !(first && ts.isStringLiteralLike(first) && first.text.startsWith('/'))) return false;
  if (!caller.named) return true;
  return (
    first !== undefined &&
    (ts.isStringLiteralLike(first) ||
      ts.isTemplateExpression(first) ||
      ts.isRegularExpressionLiteral(first) ||
      ts.isArrayLiteralExpression(first))
  );
}

/** The name that an object goes by: `app` of `this.app`, of `app.route('/x')`, of `express()`. */
function lastName(node: ts.Expression): string | undefined {
  const base = strip(node);
  if (ts.isIdentifier(base)) return base.text;
  if (ts.isCallExpression(base)) {
    const callee = strip(base.expression);
    return ts.isPropertyAccessExpression(callee) ? lastName(callee.expression) : lastName(callee);
  }
  return memberName(base);
}

/** The call that a function is given to, through `.bind(this)`; `undefined` where it is no argument. */
export function takerOf(
  node: ts.Expression,
): { readonly call: ts.CallExpression | ts.NewExpression; readonly argument: ts.Expression } | undefined {
  let whole = unstrip(node);
  const { parent } = whole;
  if (
    ts.isPropertyAccessExpression(parent) &&
    parent.name.text === 'bind' &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent
  )
    whole = unstrip(parent.parent);
  const call = whole.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return undefined;
  return call.arguments?.includes(whole) ? { call, argument: whole } : undefined;
}

/** Whether a function literal is called where it stands. */
export function isCalledAtOnce(node: ts.Node): boolean {
  if (!isFunctionLiteral(node)) return false;
  const whole = unstrip(node);
  return ts.isCallExpression(whole.parent) && whole.parent.expression === whole;
}
