import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import { isInTest } from './processEnds.ts';
import type { MadePromise } from './settling.ts';
import { isDropped } from './timers.ts';

/** Whether nobody waits for a promise: the function that returns it is only called where what it returns is dropped. */
export function isUnawaited({ node }: MadePromise, semantics: Semantics): boolean {
  const whole = unstrip(node);
  if (isDropped(whole)) return true;
  const fn = enclosingRoot(node);
  const isReturned =
    ts.isReturnStatement(whole.parent) || (ts.isArrowFunction(fn) && strip(fn.body as ts.Expression) === node);
  const isNamed = ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn) || isFunctionLiteral(fn);
  if (!isReturned || !isNamed) return false;
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0) return false;
  const calls = uses.calls.filter(({ call }) => !isInTest(call, semantics));
  return calls.length > 0 && calls.every(({ call }) => ts.isCallExpression(call) && isDropped(unstrip(call)));
}
