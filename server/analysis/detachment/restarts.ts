import ts from 'typescript';
import { occurrences } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingClass, enclosingRoot, functionName, isRoot, some, strip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Handle } from './handles.ts';
import { isRestart } from './ownerEnds.ts';
import { type Frequency, isRepeated } from './repetition.ts';
import { reschedules, runsItself } from './reschedules.ts';
import type { Timer } from './timers.ts';

/**
 * Whether an interval is only ever cleared to be started anew: in the function that starts it, before it does, with no
 * way out between them. One that clears and then may return is how others end it.
 */
export function onlyRestarts(timer: Timer, handle: Handle): boolean {
  const { call } = timer;
  const root = enclosingRoot(call);
  if (!handle.clears.every(({ node }) => isRestart(node, timer))) return false;
  const first = Math.min(...handle.clears.map(({ node }) => node.pos));
  return !leavesBetween(root, first, call.pos);
}

/** `if (rate === 0) return;` behind the clear, and before the start. */
function leavesBetween(root: ts.Node, from: number, to: number): boolean {
  let leaves = false;
  walkFunction(ts.isSourceFile(root) ? root : ((root as ts.FunctionLikeDeclaration).body ?? root), (node) => {
    leaves ||= ts.isReturnStatement(node) && node.pos > from && node.end < to;
  });
  return leaves;
}

/** How often another interval is there: what is cleared before it is started anew is one and the same, for one object. */
export function frequencyOfNew(frequency: Frequency, { call }: Timer, handle: Handle): Frequency {
  if (!isRepeated(frequency) || handle.clears.length === 0) return frequency;
  const owner = enclosingClass(call);
  return owner && frequency.entered.includes(owner) ? frequency : 'unknown';
}

/**
 * Whether the function that starts an interval is also the way to end it: the interval runs the function itself, which
 * clears first and does not always start it anew, or others call it with what only clears: `setBeat(-1)`.
 */
export function endsByRestart(timer: Timer, handle: Handle, unit: SourceUnit, semantics: Semantics): boolean {
  const root = enclosingRoot(timer.call);
  if (handle.clears.length === 0 || !isRoot(root) || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root))
    return false;
  const name = functionName(root);
  if (name === undefined) return false;
  if (runsItself(timer, root) && !reschedules(timer, semantics)) return true;
  const asked = root.parameters.findIndex((it) => ts.isIdentifier(it.name) && isAsked(it.name.text, root));
  if (asked < 0) return false;
  return occurrences(unit, name).some((token) => {
    const callee = ts.isPropertyAccessExpression(token.parent) ? token.parent : token;
    const { parent } = callee;
    if (!ts.isCallExpression(parent) || parent.expression !== callee) return false;
    return startsNothing(parent.arguments[asked]);
  });
}

/** `if (ms > 0)`, `if (!enabled) return`: whether a function asks for what it was given. */
function isAsked(name: string, root: ts.Node): boolean {
  return some(
    root,
    (node) =>
      (ts.isIfStatement(node) || ts.isConditionalExpression(node)) &&
      some(ts.isIfStatement(node) ? node.expression : node.condition, (it) => ts.isIdentifier(it) && it.text === name),
  );
}

/** No argument, or one that says that there is nothing to start: `undefined`, `null`, `false`, `0`, `-1`. */
function startsNothing(argument: ts.Expression | undefined): boolean {
  return (
    argument === undefined || /^(?:undefined|null|false|0|-\s*\d+(?:\.\d+)?|void 0)$/.test(strip(argument).getText())
  );
}
