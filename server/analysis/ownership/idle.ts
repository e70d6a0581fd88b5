import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Idle } from '../resources/told.ts';
import { calleeName, some } from '../syntax/tree.ts';
import type { Graded } from './grade.ts';
import type { SolvedObligation } from './ownership.ts';

/** What hurts less: what was begun in the resource is over on the path, or was not begun there. */
export function idleOn(file: FileAnalysis, { obligation }: SolvedObligation, { leak }: Graded): Idle | undefined {
  const { idle } = obligation.acquisition;
  if (!idle) return undefined;
  const calls = (node: ts.Node, names: readonly string[], depth: number): boolean => {
    if (!ts.isCallExpression(node)) return false;
    if (names.includes(calleeName(node)?.text ?? '')) return true;
    const body = depth > 0 ? file.semantics.targets.resolve(node)?.function?.body : undefined;
    return body !== undefined && some(body, (inner) => calls(inner, names, depth - 1));
  };
  const isPassed = (names: readonly string[]): boolean =>
    leak.path.some(
      ({ node, state }) => state.phase === 'held' && node.kind === 'evaluate' && calls(node.syntax, names, 1),
    );
  return isPassed(idle.begins) && !isPassed(idle.ends) ? undefined : idle;
}
