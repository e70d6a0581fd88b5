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
import type { SourceUnit } from '../syntax/unit.ts';
import type { MadePromise, Settlement } from './settling.ts';

/** The one event that settles a promise. */
export interface SoleEvent {
  readonly event: string;
  readonly object: string;
  readonly registration: ts.Node;
  /** A listener for failures of the same object that does not settle the promise. */
  readonly ignored: ts.Node | undefined;
}

/** A listener for one event of an object. */
export interface Registration {
  readonly node: ts.Node;
  readonly event: string;
  readonly object: string;
}

/** Events of success that never come when the object fails or is closed first. */
const hopeful = /^(?:drain|finish|end|response|load|success|open|connect|ready|secureConnect|upgradeneeded)$/;
/** Of these, the ones that are missing in silence: whoever waits is told nothing. */
const silent = /^(?:drain|finish|end|response|load|success)$/;
/** What is said when nothing more comes. */
const failing = /^(?:error|close|abort|fail(?:ed|ure))$/;
/** Objects whose events come for certain, or mean what their own class decides. */
const certain = /^(?:this|process(?:\..*)?|window|document|globalThis|self|app|server|this\.server|httpServer)$/;

/** Clients that go on trying until they are connected. */
const connectsAgain = /['"](?:mqtt|async-mqtt|socket\.io-client|amqp-connection-manager)['"]/;

/** The event, if nothing but one kind of success settles the promise. */
export function waitsForOneEvent(
  { node: executor }: MadePromise,
  settlements: readonly Settlement[],
  unit: SourceUnit,
): SoleEvent | undefined {
  const registrations: Registration[] = [];
  for (const settlement of settlements) {
    const found = registrationsOf(settlement, unit);
    if (!found) return undefined;
    registrations.push(...found);
  }
  const [first] = registrations;
  if (!first || registrations.some(({ event, object }) => event !== first.event || object !== first.object))
    return undefined;
  if (!hopeful.test(first.event) || certain.test(first.object)) return undefined;
  const others = listenersOf(first, enclosingRoot(executor));
  const settling = new Set(registrations.map(({ node }) => node));
  const ignored = others.find(
    ({ node, event }) => failing.test(event) && !settling.has(node) && (event === 'error' || !isEmptyListener(node)),
  );
  if (ignored && exitsProcess(ignored.node)) return undefined;
  if (first.event === 'load' && alwaysLoads(first.object, enclosingRoot(executor))) return undefined;
  if (first.event === 'end' && isClosedIn(first.object, enclosingRoot(executor))) return undefined;
  if (endsOuterWait(first, executor)) return undefined;
  // Whoever tries again waits for the next success.
  if (others.some(({ node }) => /re-?connect|retry/i.test(node.getText()))) return undefined;
  if (!ignored && !silent.test(first.event)) return undefined;
  // An error that nobody hears ends a program that is about to start; a client that connects by itself tries again.
  if (!ignored && ts.isSourceFile(enclosingRoot(executor))) return undefined;
  if (first.event === 'connect' && connectsAgain.test(unit.text)) return undefined;
  return { event: first.event, object: first.object, registration: first.node, ignored: ignored?.node };
}

/** `socket.on('close', () => {})` */
function isEmptyListener(registration: ts.Node): boolean {
  const listener = ts.isCallExpression(registration) ? registration.arguments[1] : undefined;
  const fn = listener && strip(listener);
  return !!fn && isFunctionLiteral(fn) && ts.isBlock(fn.body) && fn.body.statements.length === 0;
}

/** `stream.on('error', (error) => { report(error); process.exit(1); })`: nobody is left who waits. */
function exitsProcess(registration: ts.Node): boolean {
  return some(
    registration,
    (it) => ts.isCallExpression(it) && /^process\.(?:exit|abort)$/.test(it.expression.getText()),
  );
}

/** What a name stands for that is an element or a reader of the page, by the code that makes it. */
export function madeInPage(object: string, scope: ts.Node): 'frame' | 'image' | 'reader' | undefined {
  let found: 'frame' | 'image' | 'reader' | undefined;
  walk(scope, (node) => {
    const made = ts.isVariableDeclaration(node)
      ? node.name.getText() === object && node.initializer
      : ts.isBinaryExpression(node) && node.left.getText() === object && node.right;
    if (made) found ??= makers.find(([, maker]) => maker.test(made.getText()))?.[0];
  });
  return found;
}

const makers = [
  ['frame', /^document\.createElement\(\s*['"]iframe['"]|\bas HTMLIFrameElement$/],
  ['image', /^(?:new (?:window\.)?Image\b|document\.createElement\(\s*['"]img['"])/],
  ['reader', /^new FileReader\b/],
] as const;

/** A frame says `load` whatever it was able to show, and a reader does of what the page has made in memory. */
function alwaysLoads(object: string, scope: ts.Node): boolean {
  const kind = madeInPage(object, scope);
  if (kind !== 'reader') return kind === 'frame';
  return some(scope, (node) => {
    if (!ts.isCallExpression(node) || receiver(node)?.getText() !== object) return false;
    const [read] = node.arguments;
    return /^readAs/.test(calleeName(node)?.text ?? '') && read !== undefined && /^new Blob\b/.test(read.getText());
  });
}

/** `connection.once('end', resolve); connection.close()`: of what is closed and not read, it means that it is closed. */
function isClosedIn(object: string, scope: ts.Node): boolean {
  return some(
    scope,
    (node) => ts.isCallExpression(node) && calleeName(node)?.text === 'close' && receiver(node)?.getText() === object,
  );
}

/** Whether a promise around this one is settled when the object fails: nobody is left who waits for this one. */
function endsOuterWait(awaited: Registration, inner: ts.Node): boolean {
  for (let current = inner.parent; current; current = current.parent) {
    const made = isFunctionLiteral(current) ? unstrip(current).parent : undefined;
    if (!made || !ts.isNewExpression(made) || calleeName(made)?.text !== 'Promise') continue;
    const means = (current as ts.ArrowFunction).parameters.map(({ name }) => name.getText());
    const heard = listenersOf(awaited, current).filter(({ event }) => event === 'error' || event === 'close');
    if (heard.some(({ node }) => !contains(inner, node) && mentionsAny(node, means))) return true;
  }
  return false;
}

function mentionsAny(node: ts.Node, names: readonly string[]): boolean {
  return some(node, (inner) => ts.isIdentifier(inner) && names.includes(inner.text));
}

/** How the code that settles gets to run; `undefined` when in another way than by events. */
export function registrationsOf(
  { node, call, closures }: Settlement,
  unit: SourceUnit,
): readonly Registration[] | undefined {
  const outermost = call ? closures.at(-1) : undefined;
  if (call && !outermost) return undefined;
  if (closures.length > 1) return undefined;
  const listener: ts.Expression = outermost && isFunctionLiteral(outermost) ? outermost : node;
  if (outermost && !isFunctionLiteral(outermost)) return named(outermost, unit);
  const direct = registrationBy(listener);
  if (direct) return [direct];
  return outermost ? named(outermost, unit) : undefined;
}

/** `const done = () => resolve(); socket.once('end', done)` */
function named(fn: ts.FunctionLikeDeclaration, unit: SourceUnit): readonly Registration[] | undefined {
  const { parent } = fn;
  const name = ts.isFunctionDeclaration(fn)
    ? fn.name
    : ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name
      : undefined;
  const binding = name && unit.scopes.bindingOf(name);
  if (!binding) return undefined;
  const found: Registration[] = [];
  for (const reference of binding.references) {
    const registration = registrationBy(reference);
    if (registration) found.push(registration);
    else if (!isRemoval(reference)) return undefined;
  }
  return found.length > 0 ? found : undefined;
}

function isRemoval(reference: ts.Identifier): boolean {
  const { parent } = unstrip(reference);
  return ts.isCallExpression(parent) && /^(?:off|remove\w*)$/.test(calleeName(parent)?.text ?? '');
}

const registering = /^(?:on|once|addListener|addEventListener|prependListener|prependOnceListener)$/;

/** The registration whose listener an expression is. */
function registrationBy(listener: ts.Expression): Registration | undefined {
  const whole = unstrip(listener);
  const { parent } = whole;
  if (ts.isCallExpression(parent)) {
    const [event] = parent.arguments;
    const object = objectOf(parent);
    if (!event || event === whole || !object || !registering.test(calleeName(parent)?.text ?? '')) return undefined;
    // `{ signal }` is another way out.
    if (parent.arguments.some((argument) => /\bsignal\b/.test(argument === whole ? '' : argument.getText())))
      return undefined;
    return ts.isStringLiteralLike(event) ? { node: parent, event: event.text, object } : undefined;
  }
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const target = strip(parent.left);
  if (!ts.isPropertyAccessExpression(target)) return undefined;
  const [, event] = /^on([a-z]+)$/.exec(target.name.text) ?? [];
  return event === undefined ? undefined : { node: parent, event, object: target.expression.getText() };
}

/** The object on which a chain of registrations is made: `stream.on(…).on(…)` is about `stream`. */
function objectOf(call: ts.CallExpression): string | undefined {
  let object = receiver(call);
  while (object) {
    const expression = strip(object);
    if (!ts.isCallExpression(expression) || !registering.test(calleeName(expression)?.text ?? '')) break;
    object = receiver(expression);
  }
  return object?.getText();
}

/** All registrations on the same object in the function around. */
export function listenersOf({ object }: Registration, scope: ts.Node): readonly Registration[] {
  const found: Registration[] = [];
  walk(scope, (node) => {
    if (ts.isCallExpression(node) && registering.test(calleeName(node)?.text ?? '') && objectOf(node) === object) {
      const [event] = node.arguments;
      if (event && ts.isStringLiteralLike(event)) found.push({ node, event: event.text, object });
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = strip(node.left);
      const [, event] = ts.isPropertyAccessExpression(target) ? (/^on([a-z]+)$/.exec(target.name.text) ?? []) : [];
      if (event !== undefined && ts.isPropertyAccessExpression(target) && target.expression.getText() === object)
        found.push({ node, event, object });
    }
  });
  return found;
}
