import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isFinallyBlock } from '../syntax/leaving.ts';
import { callKinds, walkKinds } from '../syntax/nodes.ts';
import {
  calledMethod,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  receiver,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { takerOf } from './calledBack.ts';
import { holdsOver, latchBetween } from './latches.ts';
import type { Registration } from './registrations.ts';
import { isFresh, matches, type Removal, removalsOf, sameText } from './removals.ts';

/** A listener on what a pool lends, which goes back to it with the listener. */
export interface PooledListener {
  /** The name of what is lent. */
  readonly name: string;
  /** Where it is given back. */
  readonly givenBack: ts.Node;
  /** Whether another way removes it first. */
  readonly isForgotten: boolean;
}

/** Methods by which a pool lends what it takes back by `release`. */
const lends = /^(?:connect|getConnection|acquire|acquireConnection|getClient|checkout|borrow)$/;
const takesBack = /^(?:release|releaseConnection|releaseClient|giveBack|checkin)$/;

/**
 * `const client = await pool.connect(); client.on('error', …); …; client.release();`: the pool lends the same client again,
 * with all that was added to it.
 */
export function pooledListener(semantics: Semantics, registration: Registration): PooledListener | undefined {
  const { call } = registration;
  const emitter = strip(registration.emitter);
  const binding = ts.isIdentifier(emitter) ? semantics.program.unitOf(emitter).scopes.bindingOf(emitter) : undefined;
  const declared = binding?.declarations[0];
  const lender = declared && binding.writes.length === 0 ? lenderOf(declared) : undefined;
  if (!declared || !ts.isIdentifier(emitter) || !lender) return undefined;
  const scope = enclosingRoot(declared);
  if (isLatched(semantics, registration, scope)) return undefined;
  const ends = givenBack(semantics, scope, declared, lender).filter((it) => it.pos > call.end);
  if (ends.length === 0) return undefined;
  const name = emitter.text;
  const removals = removalsOf(call.getSourceFile()).filter(
    (it) => contains(scope, it.call) && (matches(semantics, registration, it) || takesEach(registration, it)),
  );
  // What comes takes a `once` away, and a function of the module keeps nothing of the run.
  const isOwn = isFresh(registration.handler) || isOfRun(semantics, registration.handler);
  if (removals.length === 0 && (registration.once || !isOwn)) return undefined;
  const takes = [...removals.map((it): ts.Node => it.call), ...helperCalls(semantics, removals)];
  const missing = ends.find((it) => !takes.some((take) => comesBefore(take, it)));
  if (!missing || (removals.length > 0 && ends.every((it) => it === missing))) return undefined;
  return { name, givenBack: missing, isForgotten: removals.length > 0 };
}

/** Whether a handler is made, or named, in a function. */
function isOfRun(semantics: Semantics, handler: ts.Expression): boolean {
  return some(handler, (node) => {
    const declared = ts.isIdentifier(node) && semantics.program.unitOf(node).scopes.bindingOf(node)?.declarations[0];
    return declared ? !ts.isSourceFile(enclosingRoot(declared)) : false;
  });
}

/** The pool that a variable, or the parameter of a callback, has what it lends from. */
function lenderOf(declared: ts.Identifier): ts.Expression | undefined {
  const { parent } = declared;
  if (ts.isVariableDeclaration(parent)) {
    const value = parent.initializer && strip(parent.initializer);
    return value && ts.isAwaitExpression(value) ? lentBy(strip(value.expression)) : undefined;
  }
  if (!ts.isParameter(parent) || !isFunctionLiteral(parent.parent)) return undefined;
  const call = parent.parent.parameters.indexOf(parent) === 1 ? takerOf(parent.parent)?.call : undefined;
  return call && lentBy(call);
}

function lentBy(call: ts.Expression): ts.Expression | undefined {
  return ts.isCallExpression(call) && lends.test(calledMethod(call) ?? '') ? receiver(call) : undefined;
}

/** `client.release()`, `pool.release(client)`; with an argument the client is thrown away. */
function givenBack(
  semantics: Semantics,
  scope: ts.Node,
  declared: ts.Identifier,
  lender: ts.Expression,
): readonly ts.CallExpression[] {
  const { scopes } = semantics.program.unitOf(declared);
  const isIt = (node: ts.Expression | undefined): boolean => {
    const inner = node && strip(node);
    return inner !== undefined && ts.isIdentifier(inner) && scopes.bindingOf(inner)?.declarations[0] === declared;
  };
  const found: ts.CallExpression[] = [];
  walkKinds(declared.getSourceFile(), callKinds, (node) => {
    if (!ts.isCallExpression(node) || !contains(scope, node) || !takesBack.test(calledMethod(node) ?? '')) return;
    const base = receiver(node);
    const isBack = isIt(base)
      ? node.arguments.length === 0
      : base !== undefined && sameText(base, lender) && isIt(node.arguments[0]);
    if (isBack) found.push(node);
  });
  return found;
}

/** `if (!client.listenerCount('error'))`, `if (!client.heard)`: what is lent remembers it, or who lends. */
function isLatched(semantics: Semantics, { call, emitter }: Registration, scope: ts.Node): boolean {
  const root = enclosingRoot(call);
  for (let child: ts.Node = call; child !== root; child = child.parent) {
    const latch = latchBetween(semantics, child, child.parent, root);
    if (latch && (holdsOver(latch, scope) || latch.place.startsWith(`${emitter.getText()}.`))) return true;
  }
  return false;
}

/** The calls of functions that remove it: `cleanUp(); client.release();` */
function helperCalls(semantics: Semantics, removals: readonly { readonly call: ts.Node }[]): readonly ts.Node[] {
  return removals.flatMap(({ call }) => {
    const root = enclosingRoot(call);
    const holder = isFunctionLiteral(root) ? unstrip(root).parent : root;
    const name = ts.isVariableDeclaration(holder) || ts.isFunctionDeclaration(holder) ? holder.name : undefined;
    if (!name || !ts.isIdentifier(name)) return [];
    return (
      semantics.program
        .unitOf(name)
        .scopes.bindingOf(name)
        ?.references.filter((it) => it !== name) ?? []
    );
  });
}

/** `for (const event in handlers) client.off(event, handlers[event])` */
function takesEach({ emitter }: Registration, removal: Removal): boolean {
  const event = removal.event && strip(removal.event);
  return event !== undefined && ts.isIdentifier(event) && sameText(removal.emitter, emitter);
}

/** Whether code of the same function runs before another node, or in the `finally` around it. */
function comesBefore(node: ts.Node, other: ts.Node): boolean {
  const root = enclosingRoot(node);
  if (!contains(root, other)) return false;
  for (let child = node; child !== root; child = child.parent) {
    const { parent } = child;
    if (isFinallyBlock(child) && contains(parent, other)) return true;
    if (ts.isBlock(parent) && contains(parent, other)) return node.pos < other.pos;
  }
  return false;
}
