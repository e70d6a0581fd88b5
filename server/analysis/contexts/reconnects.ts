import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calledMethod,
  contains,
  functionName,
  isAssignment,
  memberName,
  receiver,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { lastNameOf } from './lifetimes.ts';
import type { Repetition } from './repeated.ts';

const registering = /^(?:on|once|addListener|addEventListener|prependListener)$/;

/** Events after which a connection is gone for good. */
const ends = /^(?:on)?(?:close|closed|end|exit|disconnect|disconnected)$/i;
/** An error ends a connection, while a pool or a client that connects by itself lives on. */
const failure = /^(?:on)?error$/i;
const endsByError = /connection|socket|channel/i;

/**
 * Whether a resource is made again only because the last one has ended: the code runs in the handler that hears of its
 * `close`. At most one is there at a time.
 */
export function isReconnect(
  semantics: Semantics,
  site: ts.CallExpression | ts.NewExpression,
  kind: string,
  { hops, region }: Repetition,
): boolean {
  return [site, region, ...hops.map(({ call }) => call)].some((node) => {
    const ended = endedAround(node, kind);
    return ended !== undefined && (holds(semantics, ended, site) || isNamedAlike(ended, site));
  });
}

/** Whether the loop comes back only after a failure: whoever made one and had no failure leaves it. */
export function isRetry(site: ts.Node, { region }: Repetition): boolean {
  for (let node = site; node.parent && node !== region; node = node.parent) {
    const { parent } = node;
    if (ts.isFunctionLike(parent)) return false;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== node) continue;
    const last = parent.tryBlock.statements.at(-1);
    const leaves = last !== undefined && (ts.isBreakStatement(last) || ts.isReturnStatement(last));
    if (leaves && parent.catchClause && isLoop(region) && contains(region, parent)) return true;
  }
  return false;
}

const isLoop = (node: ts.Node): boolean => ts.isIterationStatement(node, false);

/** The object of whose end the handler around a node hears: `socket` of `socket.on('close', …)`, `socket.onclose = …`. */
function endedAround(node: ts.Node, kind: string): ts.Expression | undefined {
  const isEnd = (event: string): boolean => ends.test(event) || (failure.test(event) && endsByError.test(kind));
  for (let current = node; current.parent; current = current.parent) {
    if (!ts.isFunctionLike(current) && current !== node) continue;
    const named = registeredByName(current, isEnd);
    if (named) return named;
    const { parent } = ts.isExpression(current) ? unstrip(current) : current;
    if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression)) {
      const [event, handler] = parent.arguments;
      if (!event || !handler || !contains(handler, current) || !ts.isStringLiteralLike(event)) continue;
      if (registering.test(calledMethod(parent) ?? '') && isEnd(event.text)) return strip(parent.expression.expression);
    } else if (ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind)) {
      const target = strip(parent.left);
      if (contains(parent.left, current) || !ts.isPropertyAccessExpression(target)) continue;
      if (/^on/.test(target.name.text) && isEnd(target.name.text)) return strip(target.expression);
    }
  }
  return undefined;
}

/** `socket.on('close', this.onClose)`, `socket.once('end', ended.bind(this))`: where a function is named as the handler. */
function registeredByName(fn: ts.Node, isEnd: (event: string) => boolean): ts.Expression | undefined {
  if (!ts.isFunctionDeclaration(fn) && !ts.isMethodDeclaration(fn) && !ts.isArrowFunction(fn)) return undefined;
  const name = functionName(fn);
  let found: ts.Expression | undefined;
  if (name === undefined) return undefined;
  walk(fn.getSourceFile(), (node) => {
    if (found || !ts.isCallExpression(node) || !registering.test(calledMethod(node) ?? '')) return;
    const [event, handler] = node.arguments;
    if (!event || !handler || !ts.isStringLiteralLike(event) || !isEnd(event.text)) return;
    const given = strip(handler);
    const isBound = ts.isCallExpression(given) && calledMethod(given) === 'bind';
    const referred = isBound ? (receiver(given) as ts.Expression) : given;
    if (lastNameOf(referred) === name) found = receiver(node);
  });
  return found;
}

/** Whether a name or field gets what the site makes, itself or through functions. */
function holds({ program, targets }: Semantics, holder: ts.Expression, site: ts.Node): boolean {
  const makes = (value: ts.Node): boolean => {
    let found = false;
    walk(value, (inner) => {
      if (found || (!ts.isCallExpression(inner) && !ts.isNewExpression(inner))) return;
      const fn = inner === site ? undefined : targets.resolve(inner)?.function;
      found = inner === site || (fn !== undefined && contains(fn, site));
    });
    return found;
  };
  if (ts.isIdentifier(holder)) {
    const binding = program.unitOf(holder).scopes.bindingOf(holder);
    return (binding?.declarations ?? []).some(({ parent }) => {
      return ts.isVariableDeclaration(parent) && parent.initializer !== undefined && makes(parent.initializer);
    });
  }
  const name = memberName(holder);
  let found = false;
  walk(holder.getSourceFile(), (node) => {
    if (found || !ts.isBinaryExpression(node) || !isAssignment(node.operatorToken.kind)) return;
    found = name !== undefined && memberName(strip(node.left)) === name && makes(node.right);
  });
  return found;
}

/** `this.socket` and `socket`: what is made takes a name of the one that ended. */
function isNamedAlike(holder: ts.Expression, site: ts.Expression): boolean {
  let node: ts.Expression = unstrip(site);
  if (ts.isAwaitExpression(node.parent)) node = unstrip(node.parent);
  const { parent } = node;
  const name = lastNameOf(holder);
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) && parent.name.text === name;
  return ts.isBinaryExpression(parent) && name !== undefined && lastNameOf(parent.left) === name;
}
