import ts from 'typescript';
import { strip } from '../syntax/tree.ts';
import type { PathStep } from './explore.ts';

const closedName =
  /^_?(?:is|was|has)?_?(?:closed|closing|destroyed|disposed|ended|stopped|terminated|disconnected|aborted)$/i;

/** Whether a path comes about by bad timing: `if (this.closed) return` behind a wait. That is as rare as a throw. */
export function asksForTiming({ node: { kind, syntax }, edge, state }: PathStep): boolean {
  if (kind !== 'branch' || state.phase !== 'held' || edge !== 'true') return false;
  const asked = ts.isExpression(syntax) ? strip(syntax) : undefined;
  if (!asked || !ts.isPropertyAccessExpression(asked)) return false;
  return asked.expression.kind === ts.SyntaxKind.ThisKeyword && closedName.test(asked.name.text);
}
