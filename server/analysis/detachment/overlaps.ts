import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isAsync, walkFunction } from '../syntax/tree.ts';
import { type LongWait, longestWait } from './durations.ts';
import type { Timer } from './timers.ts';

/** The wait of an interval's callback that is longer than its period in any case: the next run starts before it is over. */
export function overlap({ kind, delay, ownCallback: callback }: Timer, semantics: Semantics): LongWait | undefined {
  if (kind !== 'interval' || delay === undefined || !callback || !isAsync(callback)) return undefined;
  const wait = longestWait(callback, semantics, 0);
  if (!wait || wait.ms <= delay || wait.ms === Number.POSITIVE_INFINITY) return undefined;
  const isDoubtful = ts.findAncestor(wait.node, (node) => node === callback || mayBeSkipped(node)) !== callback;
  return isDoubtful || leavesEarlyOrEnds(callback) ? undefined : wait;
}

const mayBeSkipped = (node: ts.Node): boolean =>
  ts.isIfStatement(node) ||
  ts.isConditionalExpression(node) ||
  ts.isCatchClause(node) ||
  ts.isSwitchStatement(node) ||
  ts.isIterationStatement(node, false);

/** `if (running) return;`, or an interval that clears itself. */
function leavesEarlyOrEnds(callback: ts.Node): boolean {
  let found = false;
  walkFunction(callback, (node) => {
    if (ts.isReturnStatement(node)) found = true;
    if (ts.isCallExpression(node) && /\bclear(?:Interval|Timeout)$/.test(node.expression.getText())) found = true;
  });
  return found;
}
