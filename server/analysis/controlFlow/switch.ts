import ts from 'typescript';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import { hoist, visitFrom, withTarget } from './statements.ts';

/** `switch`: the cases are asked in order, wherever `default` stands; bodies fall through into each other. */
export function visitSwitch(flow: Flow, node: ts.SwitchStatement, labels: readonly string[]): void {
  visit(flow, node.expression);
  if (!flow.reachable) return;
  const { clauses } = node.caseBlock;
  hoist(
    flow,
    clauses.flatMap((clause) => [...clause.statements]),
  );
  const entries = new Map<ts.CaseOrDefaultClause, readonly End[]>();
  for (const clause of clauses) {
    if (!ts.isCaseClause(clause)) continue;
    visit(flow, clause.expression);
    if (!flow.reachable) break;
    const { yes, no } = flow.branch(clause, 'case');
    entries.set(clause, yes);
    flow.current = no;
  }
  const unmatched = flow.take();
  const fallback = clauses.find(ts.isDefaultClause);
  if (fallback) entries.set(fallback, unmatched);

  const frame = withTarget(flow, 'switch', labels, () => {
    for (const clause of clauses) {
      flow.merge(entries.get(clause) ?? []);
      visitFrom(flow, clause.statements, 0);
    }
  });
  flow.merge(frame.breaks);
  if (!fallback) flow.merge(unmatched);
}
