import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { namedRelease } from '../ownership/namedRelease.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { enclosingRoot, isAsync } from '../syntax/tree.ts';
import type { FixPlan } from './plan.ts';

/** Calls the release that is only named, and waits for it where the function can. */
export function callRelease({ unit }: FileAnalysis, { obligation }: SolvedObligation): FixPlan | undefined {
  const named = namedRelease(unit, obligation);
  if (!named) return undefined;
  const { preferred } = obligation.acquisition;
  const start = named.getStart();
  const isPromise = 'promise' in preferred && preferred.promise === true;
  const waits = isPromise && ts.isExpressionStatement(named.parent) && isAsync(enclosingRoot(named));
  return {
    title: `Call \`${named.name.text}()\``,
    safety: 'safe',
    edits: [
      ...(waits ? [{ start, end: start, text: 'await ' }] : []),
      { start: named.end, end: named.end, text: '()' },
    ],
  };
}
