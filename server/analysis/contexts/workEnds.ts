import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { type Binding, initialOf } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  enclosingClass,
  enclosingRoot,
  functionName,
  isAsync,
  isFunctionLiteral,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { escapes } from './abortSignals.ts';
import { calledBack, takerOf } from './calledBack.ts';
import { areExclusive } from './exclusive.ts';
import type { Registration } from './registrations.ts';
import { functionOf } from './removals.ts';

/** Where the work that a listener was registered for ends, while the listener stays. */
export interface WorkEnd {
  /** `task`: the function goes on after it waited · `promise`: it settles otherwise · `link`, `object`. */
  readonly kind: 'promise' | 'task' | 'link' | 'object';
  readonly node: ts.Node;
  /** A label for the place. */
  readonly label: string;
}

/** Functions that start something which goes on after they return. */
const starts =
  /^_?(?:start|listen|serve|watch|init|set[A-Z_]|setup|boot|main$|connect|open|launch|mount|attach|bind|register|subscribe|install|spawn|monitor|track|observe|on[A-Z])/;

/** How the work that a registration belongs to ends before its signal does; `undefined` when it may not. */
export function workEnd(semantics: Semantics, registration: Registration): WorkEnd | undefined {
  const { call } = registration;
  const root = workRoot(call);
  return inExecutor(semantics, registration, root) ?? inTask(semantics, registration, root);
}

/** The function around a node; callbacks that run at once for each element belong to the one around them. */
function workRoot(node: ts.Node): ts.Node {
  const root = enclosingRoot(node);
  const taker = isFunctionLiteral(root) ? takerOf(root) : undefined;
  return taker && calledBack(taker.call, taker.argument).times === 'element' ? workRoot(taker.call) : root;
}

/** `new Promise((resolve, reject) => { signal.addEventListener('abort', …); … })` that settles otherwise. */
function inExecutor(semantics: Semantics, registration: Registration, root: ts.Node): WorkEnd | undefined {
  const executor = executorOf(root);
  if (!executor) return undefined;
  const handler = functionOf(semantics, registration.handler);
  const settlers = executor.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name] : []));
  const { scopes } = semantics.program.unitOf(executor);
  for (const settler of settlers) {
    const other = scopes.bindingOf(settler)?.references.find(
      (it) =>
        !contains(registration.call, it) &&
        !(handler && contains(handler, it)) &&
        // `if (signal.aborted) reject(); else signal.addEventListener(…)`
        !areExclusive(it, registration.call),
    );
    if (other) return { kind: 'promise', node: other, label: 'the promise settles here, and the listener stays' };
  }
  return racedAgainst(semantics, unstrip(executor).parent as ts.Expression);
}

/** The function as a promise's executor, if it is one. */
export function executorOf(root: ts.Node): ts.ArrowFunction | ts.FunctionExpression | undefined {
  if (!isFunctionLiteral(root)) return undefined;
  const { parent } = unstrip(root);
  return ts.isNewExpression(parent) && strip(parent.expression).getText() === 'Promise' ? root : undefined;
}

/** A promise that is one of several in a race: when another one wins, this one is forgotten. */
export function racedAgainst(semantics: Semantics, promise: ts.Expression): WorkEnd | undefined {
  const race = raceAround(semantics, promise);
  if (race) return { kind: 'promise', node: race, label: 'another promise may win here, and the listener stays' };
  // The only thing that a helper returns.
  const root = enclosingRoot(promise);
  if (!isReturnedFrom(promise, root)) return undefined;
  const name = functionNameToken(root);
  const binding = name && semantics.program.unitOf(name).scopes.bindingOf(name);
  for (const reference of binding?.references ?? []) {
    const { parent } = unstrip(reference);
    if (!ts.isCallExpression(parent) || strip(parent.expression) !== reference) continue;
    const outer = raceAround(semantics, parent) ?? raceOfResult(semantics, parent);
    if (outer) return { kind: 'promise', node: outer, label: 'another promise may win here, and the listener stays' };
  }
  return undefined;
}

/** `Promise.race` that gets the promise: in its array, or pushed to the array that it gets. */
function raceAround(semantics: Semantics, promise: ts.Expression): ts.Node | undefined {
  let node: ts.Node = unstrip(promise);
  while (
    ts.isAwaitExpression(node.parent) ||
    ts.isSpreadElement(node.parent) ||
    ts.isConditionalExpression(node.parent)
  )
    node = node.parent;
  const { parent } = node;
  if (ts.isArrayLiteralExpression(parent)) {
    const whole = unstrip(parent);
    if (isRace(whole.parent)) return whole.parent;
    return ts.isVariableDeclaration(whole.parent) && ts.isIdentifier(whole.parent.name)
      ? raceOf(semantics, whole.parent.name)
      : undefined;
  }
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const binding = semantics.program.unitOf(parent).scopes.bindingOf(parent.name);
    const element = binding?.references.find((it) => ts.isArrayLiteralExpression(it.parent));
    return element && isRace(unstrip(element.parent as ts.Expression).parent)
      ? unstrip(element.parent as ts.Expression).parent
      : undefined;
  }
  if (!ts.isCallExpression(parent)) return undefined;
  const callee = strip(parent.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'push') return undefined;
  const list = strip(callee.expression);
  return ts.isIdentifier(list) ? raceOf(semantics, list) : undefined;
}

/** `const failed = waitFor(child, 'error')`, and `failed`, or what is made of it, takes part in a race. */
function raceOfResult(semantics: Semantics, call: ts.CallExpression): ts.Node | undefined {
  const { parent } = unstrip(call);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const binding = semantics.program.unitOf(parent).scopes.bindingOf(parent.name);
  for (const reference of binding?.references ?? []) {
    const user = reference.parent;
    const made = ts.isCallExpression(user) && user.arguments.includes(reference) ? user : reference;
    const race = raceAround(semantics, made);
    if (race) return race;
  }
  return undefined;
}

function raceOf(semantics: Semantics, list: ts.Identifier): ts.Node | undefined {
  const binding = semantics.program.unitOf(list).scopes.bindingOf(list);
  return binding?.references.map((it) => it.parent).find(isRace);
}

function isRace(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^Promise\.(?:race|any)$/.test(node.expression.getText());
}

/** An asynchronous function that registers, waits, and ends. */
function inTask(semantics: Semantics, registration: Registration, root: ts.Node): WorkEnd | undefined {
  if (!ts.isFunctionLike(root) || !('body' in root) || !root.body) return undefined;
  if (starts.test(functionName(root) ?? '') || livesWithSignal(root)) return undefined;
  if (handsOut(semantics, registration, root)) return undefined;
  const linked = linkedController(semantics, registration, root);
  if (linked)
    return { kind: 'link', node: linked, label: 'made for this call only, and linked to the signal for good' };
  if (!isAsync(root)) return undefined;
  const after = registration.call.end;
  if (awaitsStart(root.body, after)) return undefined;
  let wait: ts.Node | undefined;
  walkOwn(root.body, (node) => {
    const waits = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
    if (node.pos >= after && (waits || settlesLater(semantics, node))) wait = node;
  });
  if (wait && endsByListener(semantics, registration, wait, root)) return undefined;
  return wait && { kind: 'task', node: wait, label: 'the work ends after this, and the listener stays' };
}

/** `signal.addEventListener('abort', () => aborted.reject()); await aborted`: nothing else ends the wait. */
function endsByListener(semantics: Semantics, { handler }: Registration, wait: ts.Node, root: ts.Node): boolean {
  const expression = ts.isAwaitExpression(wait) || ts.isReturnStatement(wait) ? wait.expression : undefined;
  if (!expression) return false;
  let base = strip(expression);
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  if (!ts.isIdentifier(base)) return false;
  const binding = semantics.program.unitOf(base).scopes.bindingOf(base);
  const literal = functionOf(semantics, handler);
  if (!binding || !literal || !contains(root, binding.scope.node)) return false;
  const others = binding.references.filter((it) => !contains(wait, it) && !ts.isVariableDeclaration(it.parent));
  return others.length > 0 && others.every((it) => contains(literal, it));
}

/** `await app.listen()` ends nothing: what it starts goes on, and the listener is how it is shut down. */
function awaitsStart(body: ts.Node, after: number): boolean {
  let found = false;
  walkOwn(body, (node) => {
    if (!ts.isAwaitExpression(node) || node.pos < after) return;
    const call = strip(node.expression);
    found ||= ts.isCallExpression(call) && /^(?:listen|serve|startServer)$/.test(calleeName(call)?.text ?? '');
  });
  return found;
}

/** `return promise` of a promise that is made here: the work ends when it settles. */
function settlesLater(semantics: Semantics, node: ts.Node): boolean {
  if (!ts.isReturnStatement(node) || !node.expression) return false;
  const value = strip(node.expression);
  if (!ts.isIdentifier(value)) return false;
  const initial = initialOf(semantics.program.unitOf(value).scopes.bindingOf(value));
  return initial ? ts.isNewExpression(initial) && initial.expression.getText() === 'Promise' : false;
}

/** `while (!signal.aborted)`, `for (;;)`: the function goes on as long as its signal. */
function livesWithSignal(root: ts.Node): boolean {
  let found = false;
  walk(root, (node) => {
    if (ts.isWhileStatement(node) || ts.isForStatement(node)) {
      const condition = ts.isWhileStatement(node) ? node.expression : node.condition;
      found ||= !condition || /\.aborted\b|^true$/.test(condition.getText());
    }
  });
  return found;
}

/** What the listener acts on is handed out: it goes on after the function. */
function handsOut(semantics: Semantics, { handler }: Registration, root: ts.Node): boolean {
  const literal = functionOf(semantics, handler);
  let found = false;
  walk(literal?.body ?? handler, (node) => {
    if (ts.isIdentifier(node) && !found)
      found = (escapes(semantics, node, root) || isWorkedWith(semantics, node, root)) && !isPlain(semantics, node);
  });
  return found;
}

/** `const stream = { next: () => reader.read() }; return { stream }`: what is handed out works with it. */
function isWorkedWith(semantics: Semantics, name: ts.Identifier, root: ts.Node): boolean {
  const binding = semantics.program.unitOf(name).scopes.bindingOf(name);
  if (!binding || !contains(root, binding.scope.node)) return false;
  return binding.references.some((reference) => {
    const object = ts.findAncestor(reference, ts.isObjectLiteralExpression);
    const method = object && methodAround(reference, object);
    const holder = method && unstrip(object).parent;
    if (!holder || !contains(root, object)) return false;
    if (ts.isReturnStatement(holder)) return enclosingRoot(holder) === root;
    if (!ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name)) return false;
    return escapes(semantics, holder.name, root) || settlesWith(semantics, holder.name);
  });
}

/** The function in an object literal, as a value of its own, that a node stands in. */
function methodAround(node: ts.Node, object: ts.Node): ts.Node | undefined {
  const found = ts.findAncestor(node, (it) => it.parent?.parent === object || it.parent === object);
  return found && (isFunctionLiteral(found) || ts.isMethodDeclaration(found)) ? found : undefined;
}

/** `resolve(stream)` */
function settlesWith(semantics: Semantics, name: ts.Identifier): boolean {
  const binding = semantics.program.unitOf(name).scopes.bindingOf(name);
  return (
    binding?.references.some(({ parent }) => {
      if (!ts.isCallExpression(parent) || !ts.isIdentifier(parent.expression)) return false;
      const callee = semantics.program.unitOf(name).scopes.bindingOf(parent.expression)?.declarations[0]?.parent;
      return callee !== undefined && ts.isParameter(callee) && executorOf(callee.parent) !== undefined;
    }) ?? false
  );
}

/** A number or text tells others what it is about, and hands nothing out. */
function isPlain(semantics: Semantics, name: ts.Identifier): boolean {
  const declaration = semantics.program.unitOf(name).scopes.bindingOf(name)?.declarations[0]?.parent;
  if (!declaration) return false;
  if (ts.isParameter(declaration)) return /^(?:number|string|bigint|boolean)$/.test(declaration.type?.getText() ?? '');
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
  const value = strip(declaration.initializer);
  if (ts.isLiteralExpression(value) || ts.isTemplateExpression(value)) return true;
  if (ts.isPostfixUnaryExpression(value) || ts.isPrefixUnaryExpression(value)) return true;
  return (
    ts.isCallExpression(value) &&
    /^(?:Math\.\w+|Date\.now|(?:crypto\.)?randomUUID|uuid(?:v4)?|nanoid|String|Number)$/.test(
      value.expression.getText(),
    )
  );
}

/** `const own = new AbortController()` that the listener aborts: both ends of a link. */
function linkedController(semantics: Semantics, { handler }: Registration, root: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  const look = (node: ts.Node): void => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'abort') return;
    const base = strip(node.expression);
    const binding: Binding | undefined = ts.isIdentifier(base)
      ? semantics.program.unitOf(base).scopes.bindingOf(base)
      : undefined;
    const declaration = binding?.declarations[0]?.parent;
    if (!declaration || !contains(root, declaration)) return;
    if (ts.isParameter(declaration) && isMadeForCall(semantics, declaration)) found = binding?.declarations[0];
    if (!ts.isVariableDeclaration(declaration)) return;
    const initial = declaration.initializer && strip(declaration.initializer);
    if (initial && ts.isNewExpression(initial) && initial.expression.getText() === 'AbortController')
      found = binding?.declarations[0];
  };
  walk(functionOf(semantics, handler) ?? handler, look);
  walk(handler, look);
  return found;
}

/** Whether callers make a controller for the call: `chain(new AbortController(), signal)`. */
function isMadeForCall(semantics: Semantics, parameter: ts.ParameterDeclaration): boolean {
  const fn = parameter.parent;
  const uses = 'body' in fn ? semantics.references.usesOf(fn as ts.FunctionLikeDeclaration) : 'unknown';
  if (uses === 'unknown' || uses.calls.length === 0) return false;
  return uses.calls.every(({ call, certain }) => {
    const argument = call.arguments?.[fn.parameters.indexOf(parameter)];
    const value = argument && strip(argument);
    if (!certain || !value) return false;
    const binding = ts.isIdentifier(value) ? semantics.program.unitOf(value).scopes.bindingOf(value) : undefined;
    const declaration = binding?.declarations[0]?.parent;
    const made =
      declaration && ts.isVariableDeclaration(declaration) && !ts.isSourceFile(enclosingRoot(declaration))
        ? declaration.initializer
        : value;
    return made !== undefined && /^new AbortController\(\)$/.test(made.getText());
  });
}

/** Ends of a short-lived object. */
const endings =
  /^(?:on(?:Complete|Finish|End|Close|Done|Settled)|complete|finish|settle|done|_?destroy|close|dispose|end|stop|cancel)$/;

/** A method in which the life of an object ends, other than by what the listener calls. */
export function ownersEnd(semantics: Semantics, { handler, call }: Registration): WorkEnd | undefined {
  const root = enclosingRoot(call);
  const owner = enclosingClass(call);
  if (!owner || !ts.isConstructorDeclaration(root)) return undefined;
  const literal = functionOf(semantics, handler);
  const text = (literal?.body ?? handler).getText();
  if (!/\bthis\b/.test(text)) return undefined;
  for (const member of owner.members) {
    if (!ts.isMethodDeclaration(member) || !member.name || !member.body) continue;
    const name = member.name.getText();
    if (endings.test(name) && !new RegExp(`\\b${name}\\b`).test(text))
      return { kind: 'object', node: member.name, label: `the object's work ends here, and the listener stays` };
  }
  return undefined;
}

function isReturnedFrom(node: ts.Expression, root: ts.Node): boolean {
  const whole = unstrip(node);
  return ts.isReturnStatement(whole.parent) || (ts.isArrowFunction(root) && root.body === whole);
}

function functionNameToken(root: ts.Node): ts.Identifier | undefined {
  if (ts.isFunctionDeclaration(root)) return root.name;
  if (!isFunctionLiteral(root)) return undefined;
  const { parent } = unstrip(root);
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function walkOwn(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    if (!ts.isFunctionLike(child) && !ts.isClassLike(child)) walkOwn(child, visit);
  });
}
