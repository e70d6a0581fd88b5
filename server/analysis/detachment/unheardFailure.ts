import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import type { Binding } from '../syntax/scopes.ts';
import { calleeName, contains, isFunctionLiteral, isRoot, some, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { custodyOf } from './detachment.ts';
import { type MadePromise, type Settlement, settlementsOf } from './settling.ts';
import { timerOf } from './timers.ts';
import { isUnrejectable } from './unrejectable.ts';

/** Work whose success settles a promise, and whose failure nobody hears of. */
export interface UnheardFailure {
  readonly settled: Settlement;
  /** The work. */
  readonly failure: ts.Node;
  /** The handler that swallows the failure, where there is one. */
  readonly swallowed: ts.Node | undefined;
  /** Whether other failures reject the promise, by a name outside of its executor. */
  readonly isRejectedElsewhere: boolean;
}

/** `work().then(resolve)` and nothing else, or with a `.catch()` that does not settle. */
export function unheardFailure(
  promise: MadePromise,
  unit: SourceUnit,
  semantics: Semantics,
): UnheardFailure | undefined {
  const { outside, all } = everySettlement(promise, unit);
  if (all.some((it) => isTimed(it, unit, semantics))) return undefined;
  for (const settlement of all) {
    const work = settlement.by === 'resolve' ? fulfilledBy(settlement) : undefined;
    if (work && !canHardlyFail(work, semantics) && !isElsewhereSettled(work, settlement, all))
      return {
        settled: settlement,
        failure: work,
        swallowed: undefined,
        isRejectedElsewhere: isKept(settlement, outside),
      };
  }
  const [only, another] = outside;
  if (!only?.call || another || all.some(({ by }) => by === 'reject')) return undefined;
  const found = swallowedAround(only.call);
  return found && { settled: only, ...found, isRejectedElsewhere: false };
}

/** Whether who settles it by a name can reject it by another one. */
const isKept = (settlement: Settlement, outside: readonly Settlement[]): boolean =>
  outside.includes(settlement) && outside.some(({ by }) => by === 'reject');

/** The settlements in the executor, and those by names outside that the executor gives the means to. */
function everySettlement(promise: MadePromise, unit: SourceUnit): { outside: Settlement[]; all: Settlement[] } {
  const outside: Settlement[] = [];
  const inside = settlementsOf(promise).filter((it) => {
    const target = it.call ? undefined : assignedTo(it.node, unit);
    for (const node of target?.references ?? []) {
      const { parent } = unstrip(node);
      if (target?.writes.includes(node)) continue;
      const call = ts.isCallExpression(parent) && strip(parent.expression) === node ? parent : undefined;
      outside.push({ node, by: it.by, call, closures: [] });
    }
    return !target;
  });
  return { outside, all: [...inside, ...outside] };
}

/** `let done; new Promise((resolve) => { done = resolve; })` */
function assignedTo(node: ts.Identifier, unit: SourceUnit): Binding | undefined {
  const { parent } = unstrip(node);
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const target = strip(parent.left);
  return ts.isIdentifier(target) && parent.right === unstrip(node) ? unit.scopes.bindingOf(target) : undefined;
}

/** The work whose `.then()` settles the promise, where no link of the chain handles a failure. */
function fulfilledBy({ node, call }: Settlement): ts.CallExpression | undefined {
  const handler = call ? closureAround(call) : node;
  const then = handler && unstrip(handler).parent;
  if (!then || !ts.isCallExpression(then) || calleeName(then)?.text !== 'then' || then.arguments.length !== 1)
    return undefined;
  const custody = custodyOf(then);
  if (custody.kind !== 'detached' || custody.reported || then.arguments[0] !== unstrip(handler)) return undefined;
  let start: ts.CallExpression = then;
  for (;;) {
    const callee = strip(start.expression);
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    const inner = strip(callee.expression);
    if (!ts.isCallExpression(inner)) return undefined;
    const name = calleeName(inner)?.text ?? '';
    if (name === 'catch' || (name === 'then' && inner.arguments.length > 1)) return undefined;
    if (name !== 'then' && name !== 'finally') return inner;
    start = inner;
  }
}

/** The function in which a call stands, if it is a literal without an own way of catching. */
function closureAround(call: ts.Node): ts.FunctionExpression | ts.ArrowFunction | undefined {
  for (let current = call.parent; current; current = current.parent) {
    if (isRoot(current)) return isFunctionLiteral(current) ? current : undefined;
  }
  return undefined;
}

const patient =
  /^(?:sleep|delay|wait|pause|nextTick|tick|setTimeout|ready|whenReady|whenDefined|resolve|allSettled|timeout|idle)/;

/** Work that only waits, or that has nothing to fail with. */
function canHardlyFail(work: ts.CallExpression, semantics: Semantics): boolean {
  if (patient.test(calleeName(work)?.text ?? '')) return true;
  if (isUnrejectable(work, semantics)) return true;
  const fn = semantics.targets.resolve(work)?.function;
  const body = fn?.body;
  if (!body || !ts.isBlock(body)) return false;
  // An async function whose whole body is a `try` hears of its own failures.
  return body.statements.some((it) => ts.isTryStatement(it) && it.catchClause && !rethrows(it.catchClause));
}

function rethrows(clause: ts.CatchClause): boolean {
  return some(clause, ts.isThrowStatement);
}

/** Somebody else settles it in the work itself: `run(reject).then(resolve)`. */
function isElsewhereSettled(work: ts.Node, own: Settlement, all: readonly Settlement[]): boolean {
  return all.some((it) => it !== own && contains(work, it.node));
}

/** A timer settles it in any case. */
function isTimed({ node }: Settlement, unit: SourceUnit, { program }: Semantics): boolean {
  for (let current: ts.Node = node; current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isCallExpression(parent) && timerOf(parent, unit, program)) return true;
    if (ts.isFunctionDeclaration(current) || ts.isMethodDeclaration(current)) return false;
  }
  return false;
}

/** The `.catch()` behind the call whose callback settles the promise, when its handler only swallows. */
function swallowedAround(call: ts.Node): { readonly failure: ts.Node; readonly swallowed: ts.Node } | undefined {
  for (let current: ts.Node = call; current.parent; current = current.parent) {
    if (ts.isFunctionDeclaration(current) || ts.isMethodDeclaration(current)) return undefined;
    if (!isFunctionLiteral(current)) continue;
    const user = unstrip(current).parent;
    if (ts.isNewExpression(user)) continue;
    if (!ts.isCallExpression(user) || strip(user.expression) === current) return undefined;
    const link = unstrip(user).parent;
    const next = ts.isPropertyAccessExpression(link) && link.name.text === 'catch' ? unstrip(link).parent : undefined;
    if (!next || !ts.isCallExpression(next)) continue;
    const handler = next.arguments[0] && strip(next.arguments[0]);
    if (!handler || !isFunctionLiteral(handler) || /\breject|\bthrow\b|\bfail/i.test(handler.getText()))
      return undefined;
    return { failure: user, swallowed: handler };
  }
  return undefined;
}
