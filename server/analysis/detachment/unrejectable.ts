import ts from 'typescript';
import { delays } from '../resources/delays.ts';
import { unrejecting } from '../resources/unrejecting.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, isFunctionLiteral, memberName, some, strip, unstrip, walk } from '../syntax/tree.ts';
import { originOf } from './origins.ts';

/** How many names and functions are followed. */
const maxHops = 3;

/** Whether a promise has nothing to reject it with: `new Promise((resolve) => …)`, or what a function makes like that. */
export function isUnrejectable(node: ts.Expression, semantics: Semantics, hops = maxHops): boolean {
  if (hops === 0) return false;
  const expression = strip(node);
  if (ts.isNewExpression(expression)) {
    const executor = expression.arguments?.[0] && strip(expression.arguments[0]);
    if (executor && isFunctionLiteral(executor)) return executor.parameters.length === 1;
    return !executor && isOfUnrejectableClass(expression, semantics);
  }
  if (ts.isCallExpression(expression)) {
    if (isKnownToResolve(expression, semantics) || isCaught(expression)) return true;
    const all = allOf(expression);
    if (all) return everyElement(all, semantics, hops - 1);
    const fn = semantics.targets.resolve(expression)?.function;
    if (!fn) return false;
    if (catchesAll(fn)) return true;
    const made = returnedBy(fn);
    if (!made) return false;
    return isCaughtFor(expression, fn, made, semantics) || isUnrejectable(made, semantics, hops - 1);
  }
  if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'promise') {
    return isOnlyResolved(expression.expression, semantics);
  }
  if (!ts.isIdentifier(expression)) return false;
  const { scopes } = semantics.program.unitOf(expression);
  const initial = initialOf(scopes.bindingOf(expression));
  return initial !== undefined && isUnrejectable(initial, semantics, hops - 1);
}

/** `class Signal extends Promise { constructor() { super((resolve) => …); } }` */
function isOfUnrejectableClass({ expression }: ts.NewExpression, { program }: Semantics): boolean {
  const name = strip(expression);
  const binding = ts.isIdentifier(name) ? program.unitOf(name).scopes.bindingOf(name) : undefined;
  const made = binding?.declarations.map(({ parent }) => parent).find(ts.isClassLike);
  const base = made?.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const maker = made?.members.find(ts.isConstructorDeclaration);
  if (base?.expression.getText() !== 'Promise' || !maker?.body) return false;
  return some(maker.body, (node) => {
    if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return false;
    const executor = node.arguments[0] && strip(node.arguments[0]);
    return !!executor && isFunctionLiteral(executor) && executor.parameters.length === 1;
  });
}

/** `ready.then(…)` of a promise that cannot be rejected: only the handlers could fail. */
export function isUnrejectableChain(node: ts.Node, semantics: Semantics): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = strip(node.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:then|finally)$/.test(callee.name.text)) return false;
  return isUnrejectable(callee.expression, semantics) || isUnrejectableChain(strip(callee.expression), semantics);
}

/** `Promise.allSettled(…)`, `await sleep(100)`, `queue.onIdle()` of `p-queue`. */
function isKnownToResolve(call: ts.CallExpression, { program }: Semantics): boolean {
  const unit = program.unitOf(call);
  const origin = originOf(call.expression, unit);
  if (origin?.name === 'Promise.allSettled' && origin.module === undefined) return true;
  const delay = Object.hasOwn(delays, origin?.module ?? '') ? delays[origin?.module ?? ''] : undefined;
  if (delay?.includes(origin?.name ?? '') && !/reject/.test(origin?.name ?? ''))
    return !call.arguments.some((argument) => /signal|abort/i.test(argument.getText()));
  const callee = strip(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (origin?.module !== undefined && !Object.hasOwn(unrejecting, origin.module)) return false;
  return Object.entries(unrejecting).some(
    ([name, methods]) => methods.test(callee.name.text) && new RegExp(`['"]${name}['"]`).test(unit.text),
  );
}

/** `work().catch(() => undefined)`, `work().then(keep, ignore)`, where the handlers throw nothing and wait for nothing. */
function isCaught(call: ts.CallExpression): boolean {
  if (calleeName(call)?.text === 'then' && call.arguments.length === 2)
    return call.arguments.every((argument) => {
      const fn = strip(argument);
      return isFunctionLiteral(fn) && onlyKeeps(fn.body);
    });
  const handler = catchOf(call);
  return handler !== undefined && isQuiet(handler.body);
}

/** An `async` function that is one `try`, whose `catch` writes down what went wrong. */
function catchesAll({ body, modifiers }: ts.FunctionLikeDeclaration): boolean {
  if (!body || !ts.isBlock(body) || !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return false;
  const [only, another] = body.statements;
  if (!only || another || !ts.isTryStatement(only) || !only.catchClause) return false;
  return isQuiet(only.catchClause.block) && (!only.finallyBlock || isQuiet(only.finallyBlock));
}

/** Code that throws nothing by itself, and passes on no promise that may be rejected. */
function isQuiet(node: ts.Node): boolean {
  let quiet = !ts.isExpression(node) || !ts.isCallExpression(strip(node)) || isWriting(strip(node));
  walk(node, (inner) => {
    if (ts.isThrowStatement(inner) || ts.isAwaitExpression(inner)) quiet = false;
    const returned = ts.isReturnStatement(inner) && inner.expression ? strip(inner.expression) : undefined;
    if (returned && ts.isCallExpression(returned) && !isWriting(returned)) quiet = false;
    if (ts.isCallExpression(inner) && /(?:^|\.)(?:reject|throw\w*|fail|raise)$/.test(inner.expression.getText()))
      quiet = false;
  });
  return quiet;
}

/** Code that keeps what it is given, and calls nothing that could fail. */
const onlyKeeps = (body: ts.Node): boolean =>
  !some(
    body,
    (it) =>
      ts.isThrowStatement(it) ||
      ts.isAwaitExpression(it) ||
      ((ts.isCallExpression(it) || ts.isNewExpression(it)) && !isWriting(it)),
  );

const isWriting = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && /^(?:log|debug|info|warn|error|trace)$/.test(calleeName(node)?.text ?? '');

/** What `Promise.all()`, or another of its kind, waits for. */
function allOf(call: ts.CallExpression): ts.Expression | undefined {
  const callee = strip(call.expression);
  const isAll = ts.isPropertyAccessExpression(callee) && /^(?:all|race)$/.test(callee.name.text);
  return isAll && callee.expression.getText() === 'Promise' ? call.arguments[0] : undefined;
}

/** Whether nothing in a list can be rejected: all that is written there, or all that is ever pushed. */
function everyElement(list: ts.Expression, semantics: Semantics, hops: number): boolean {
  const expression = strip(list);
  if (ts.isArrayLiteralExpression(expression))
    return expression.elements.every((element) => isUnrejectable(element, semantics, hops));
  if (!ts.isIdentifier(expression)) return false;
  const binding = semantics.program.unitOf(expression).scopes.bindingOf(expression);
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || declaration.initializer?.getText() !== '[]')
    return false;
  const uses = binding.references.filter((it) => it !== expression && it !== declaration.name);
  return uses.every((use) => {
    const access = use.parent;
    const call = access.parent;
    const isPush = ts.isPropertyAccessExpression(access) && access.name.text === 'push' && ts.isCallExpression(call);
    return isPush && call.arguments.every((argument) => isUnrejectable(argument, semantics, hops));
  });
}

/** `done.promise` of a deferred of which the file resolves every one of that name, rejects none and hands none on. */
function isOnlyResolved(deferred: ts.Expression, { program }: Semantics): boolean {
  const { file, scopes } = program.unitOf(deferred);
  const name = strip(deferred);
  const mentions: ts.Expression[] = [];
  const key = memberName(name);
  if (ts.isIdentifier(name)) mentions.push(...(scopes.bindingOf(name)?.references ?? []));
  else if (key !== undefined) {
    walk(file, (node) => {
      if (ts.isPropertyAccessExpression(node) && node.name.text === key) mentions.push(node);
    });
  }
  let resolved = false;
  for (const mention of mentions) {
    const whole = unstrip(mention);
    const use = whole.parent;
    const member = ts.isPropertyAccessExpression(use) && use.expression === whole ? use.name.text : undefined;
    const isMade =
      (ts.isBinaryExpression(use) && use.left === whole) || (ts.isVariableDeclaration(use) && use.name === whole);
    if (member === 'resolve') resolved = true;
    else if (member !== 'promise' && !isMade) return false;
  }
  return resolved;
}

/** `return work.catch((e) => { if (connection) throw e; })`, called without a connection. */
function isCaughtFor(
  call: ts.CallExpression,
  fn: ts.FunctionLikeDeclaration,
  returned: ts.Expression,
  semantics: Semantics,
): boolean {
  const handler = catchOf(initialValueOf(returned, semantics));
  if (!handler) return false;
  const left = fn.parameters.slice(call.arguments.length);
  const missing = left.flatMap(({ name, initializer }) => (ts.isIdentifier(name) && !initializer ? [name.text] : []));
  if (call.arguments.some(ts.isSpreadElement)) return false;
  let throws = false;
  walk(handler, (node) => {
    const isThrow =
      ts.isThrowStatement(node) || (ts.isCallExpression(node) && /\breject$/.test(node.expression.getText()));
    if (isThrow && !isOnlyGiven(node, handler, missing)) throws = true;
  });
  return !throws && ts.isBlock(handler.body);
}

/** Whether code runs only where a parameter is given that is not. */
function isOnlyGiven(node: ts.Node, within: ts.Node, missing: readonly string[]): boolean {
  for (let current = node; current !== within && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isIfStatement(parent) && parent.thenStatement === current && missing.includes(parent.expression.getText()))
      return true;
  }
  return false;
}

/** The handler at the end of a chain, where it is written there. */
function catchOf(chain: ts.Expression): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const expression = strip(chain);
  if (!ts.isCallExpression(expression) || calleeName(expression)?.text !== 'catch') return undefined;
  const handler = expression.arguments[0] && strip(expression.arguments[0]);
  return handler && isFunctionLiteral(handler) ? handler : undefined;
}

/** What a name was initialised with. */
function initialValueOf(node: ts.Expression, { program }: Semantics): ts.Expression {
  const expression = strip(node);
  if (!ts.isIdentifier(expression)) return expression;
  return initialOf(program.unitOf(expression).scopes.bindingOf(expression)) ?? expression;
}

/** The only thing that a function returns. */
function returnedBy(fn: ts.FunctionLikeDeclaration | undefined): ts.Expression | undefined {
  if (!fn?.body) return undefined;
  if (!ts.isBlock(fn.body)) return fn.body;
  const last = fn.body.statements.at(-1);
  return last && ts.isReturnStatement(last) ? last.expression : undefined;
}
