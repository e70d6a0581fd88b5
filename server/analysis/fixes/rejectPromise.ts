import ts from 'typescript';
import { type MadePromise, settlementsOf } from '../detachment/settling.ts';
import type { UnheardFailure } from '../detachment/unheardFailure.ts';
import { contains, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { FixPlan } from './plan.ts';
import { mentions } from './releases.ts';
import { Rewriter } from './rewriter.ts';

/** Puts `.catch(reject)` behind the work whose failure nobody hears of. */
export function rejectPromise(
  unit: SourceUnit,
  promise: MadePromise,
  { failure, swallowed }: UnheardFailure,
): FixPlan | undefined {
  if (swallowed || !ts.isExpression(failure)) return undefined;
  const rewriter = new Rewriter();
  const name = rejectName(unit, promise, failure, rewriter);
  if (name === undefined) return undefined;
  rewriter.insert(chainEnd(failure).end, `.catch(${name})`);
  // Where nothing rejects it so far, whoever waits may not be ready for that.
  const isExpected = settlementsOf(promise).some(({ by }) => by === 'reject');
  const safety = isExpected ? 'safe' : 'suggestion';
  return { title: 'Reject the promise when the work fails', safety, edits: rewriter.edits() };
}

/** The last link of the chain that begins with a call. */
function chainEnd(start: ts.Expression): ts.Expression {
  const whole = unstrip(start);
  const { parent } = whole;
  const link =
    ts.isPropertyAccessExpression(parent) && parent.expression === whole ? unstrip(parent).parent : undefined;
  return link && ts.isCallExpression(link) ? chainEnd(link) : whole;
}

/** What rejects the promise where the work stands: the executor's parameter, perhaps a new one, or a name that it gave it to. */
export function rejectName(
  unit: SourceUnit,
  { executor, resolve, reject }: MadePromise,
  failure: ts.Node,
  rewriter: Rewriter,
): string | undefined {
  if (contains(executor, failure)) {
    if (reject) return reject.name;
    const [only, another] = executor.parameters;
    if (!only || another || !resolve || mentions(executor, ({ text }) => text === 'reject').length > 0)
      return undefined;
    // `resolve => …` has no parentheses to write into.
    const isBare =
      ts.isArrowFunction(executor) && unit.text[executor.getStart(unit.file)] !== '(' && only.pos === executor.pos;
    rewriter.insert(isBare ? only.getStart(unit.file) : only.end, isBare ? '(' : ', reject');
    if (isBare) rewriter.insert(only.end, ', reject)');
    return 'reject';
  }
  for (const reference of reject?.references ?? []) {
    const { parent } = unstrip(reference);
    const target =
      ts.isBinaryExpression(parent) && parent.right === unstrip(reference) ? strip(parent.left) : undefined;
    const binding = target && ts.isIdentifier(target) ? unit.scopes.bindingOf(target) : undefined;
    if (binding && contains(binding.scope.node, failure)) return binding.name;
  }
  return undefined;
}
