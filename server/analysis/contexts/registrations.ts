import ts from 'typescript';
import { callKinds, readIn } from '../syntax/nodes.ts';
import { isFunctionLiteral, memberName, strip } from '../syntax/tree.ts';
import { isOnce } from './calledBack.ts';

/** A call that adds a listener to an emitter or event target. */
export interface Registration {
  readonly call: ts.CallExpression;
  /** The token `on`, `addEventListener`, … */
  readonly token: ts.Identifier;
  readonly api: 'emitter' | 'target';
  readonly emitter: ts.Expression;
  readonly event: ts.Expression;
  /** The event's name where it is written out. */
  readonly eventName: string | undefined;
  readonly handler: ts.Expression;
  readonly options: ts.Expression | undefined;
  readonly once: boolean;
}

const emitterMethods = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
const known = new WeakMap<ts.SourceFile, readonly Registration[]>();

/** All registrations of a file, in source order. */
export function registrationsOf(file: ts.SourceFile): readonly Registration[] {
  let found = known.get(file);
  if (!found) {
    found = [...readIn(file, callKinds, registrationIn)].sort((a, b) => a.token.pos - b.token.pos);
    known.set(file, found);
  }
  return found;
}

const registrationIn = (node: ts.Node): Registration | undefined =>
  ts.isCallExpression(node) ? registrationAt(node) : undefined;

/** The registration that a call is, if it is one. */
export function registrationAt(call: ts.CallExpression): Registration | undefined {
  const callee = strip(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.name)) return undefined;
  const method = callee.name.text;
  const isTarget = method === 'addEventListener';
  if (!isTarget && !emitterMethods.has(method)) return undefined;
  const [event, handler, options] = call.arguments;
  if (!event || !handler || !canBeHandler(handler)) return undefined;
  // `knex.on('a.id', 'b.id')`, `$(list).on('click', '.row', f)`.
  if (!isTarget && (isFunctionLiteral(strip(event)) || (options && canBeFunction(options)))) return undefined;
  return {
    call,
    token: callee.name,
    api: isTarget ? 'target' : 'emitter',
    emitter: chainBase(callee.expression),
    event,
    eventName: ts.isStringLiteralLike(event) ? event.text : undefined,
    handler,
    options: isTarget ? options : undefined,
    once: method.toLowerCase().includes('once') || (isTarget && isOnce(options)),
  };
}

/** `a.on('x', f).on('y', g)` adds both to `a`. */
function chainBase(node: ts.Expression): ts.Expression {
  const inner = strip(node);
  if (!ts.isCallExpression(inner)) return node;
  const callee = strip(inner.expression);
  const isLink =
    ts.isPropertyAccessExpression(callee) &&
    (emitterMethods.has(callee.name.text) || callee.name.text === 'setMaxListeners');
  return isLink && inner.arguments.length > 1 ? chainBase(callee.expression) : node;
}

function canBeHandler(node: ts.Expression): boolean {
  const inner = strip(node);
  return !ts.isLiteralExpression(inner) && !ts.isArrayLiteralExpression(inner) && !ts.isSpreadElement(inner);
}

function canBeFunction(node: ts.Expression): boolean {
  return isFunctionLiteral(strip(node));
}

/** The function that a handler is: the literal itself, what `bind` binds, or what the right side of an assignment holds. */
export function handlerLiteral(handler: ts.Expression): ts.FunctionExpression | ts.ArrowFunction | undefined {
  const inner = strip(handler);
  if (isFunctionLiteral(inner)) return inner;
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return handlerLiteral(inner.right);
  return undefined;
}

/** `f.bind(this)`: the function that is bound. */
export function boundFunction(handler: ts.Expression): ts.Expression | undefined {
  const inner = strip(handler);
  if (!ts.isCallExpression(inner)) return undefined;
  const callee = strip(inner.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind' ? callee.expression : undefined;
}

/** The name of the event for messages: `message`, or the expression's text. */
export function eventText({ eventName, event }: Registration): string {
  return eventName ?? memberName(strip(event)) ?? event.getText().slice(0, 40);
}
