import type ts from 'typescript';
import { leavesBlock } from '../syntax/leaving.ts';
import { contains } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { type Doomed, isList } from './removal.ts';
import { waits } from './uses.ts';
import type { Range } from './wrap.ts';

/**
 * What runs between a release that goes and the end of the range: with the release in `finally` the resource is held
 * meanwhile. Only what takes time counts.
 */
export function delayed(range: Range, doomed: Doomed): readonly ts.Statement[] {
  const found = new Set<ts.Statement>();
  for (const released of doomed.statements) {
    for (const statement of following(released, range)) {
      if (!doomed.statements.has(statement) && waits(statement)) found.add(statement);
    }
  }
  return [...found];
}

/** Whether another resource is acquired in one of the statements: holding two at once can exhaust a pool. */
export function acquiresMeanwhile(statements: readonly ts.Statement[], { analysis, obligation }: Held): boolean {
  return analysis.obligations.some(
    (other) => other.obligation !== obligation && statements.some((s) => contains(s, other.obligation.site)),
  );
}

/** The statements that can run after a statement, up to the end of the range. */
function* following(released: ts.Statement, { list, to }: Range): Generator<ts.Statement> {
  let current: ts.Node = released;
  for (;;) {
    const parent: ts.Node = current.parent;
    if (isList(parent)) {
      const index = parent.statements.indexOf(current as ts.Statement);
      const end = parent === list ? to + 1 : parent.statements.length;
      for (const statement of parent.statements.slice(index + 1, end)) {
        yield statement;
        if (leavesBlock(statement)) return;
      }
    }
    if (parent === list || !parent.parent) return;
    current = parent;
  }
}
