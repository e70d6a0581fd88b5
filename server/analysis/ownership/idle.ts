import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, enclosingRoot, some } from '../syntax/tree.ts';
import type { Graded } from './grade.ts';
import type { SolvedObligation } from './ownership.ts';

/** Why the leak hurts: less where what was begun in the resource is over on the path, or was never begun. */
export function consequenceOf(file: FileAnalysis, { obligation }: SolvedObligation, { leak }: Graded): string {
  const { acquisition, site } = obligation;
  const { consequence, idle } = acquisition;
  if (!idle) return consequence;
  const calls = (node: ts.Node, names: readonly string[], depth: number): boolean => {
    if (!ts.isCallExpression(node)) return false;
    if (names.includes(calleeName(node)?.text ?? '')) return true;
    const body = depth > 0 ? file.semantics.targets.resolve(node)?.function?.body : undefined;
    return body !== undefined && some(body, (inner) => calls(inner, names, depth - 1));
  };
  const begins = some(enclosingRoot(site), (node) => calls(node, idle.begins, 1));
  const isOver = leak.path.some(
    ({ node, state }) => state.phase === 'held' && node.kind === 'evaluate' && calls(node.syntax, idle.ends, 1),
  );
  return begins && !isOver ? consequence : idle.consequence;
}
