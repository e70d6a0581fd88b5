import ts from 'typescript';
import { contains } from '../syntax/tree.ts';
import type { Anchor } from './anchor.ts';
import type { Held } from './held.ts';
import type { ExistingRelease } from './releases.ts';
import type { Doomed } from './removal.ts';
import { declaredIn, mentionsAny, type Uses } from './uses.ts';
import type { Range } from './wrap.ts';

/** What the edit moves and must keep together. */
export interface Moved {
  readonly releases: readonly ExistingRelease[];
  readonly uses: Uses;
  readonly doomed: Doomed;
}

/** From the anchor to the last statement that needs the resource, or a name that is declared in between. */
export function rangeFrom(held: Held, anchor: Anchor, moved: Moved): Range | undefined {
  const core = coreFrom(held, anchor, moved);
  if (!core) return undefined;
  const { list, from } = core;
  const { statements } = list;
  let { to } = core;
  for (let previous = -1; previous !== to; ) {
    previous = to;
    const names = declaredIn(statements.slice(from, to + 1));
    const last = statements.findLastIndex((s, index) => index > previous && mentionsAny(s, names));
    to = Math.max(to, last);
  }
  const range = { list, from, to };
  return isWrappable(held, range) ? range : undefined;
}

/** From the anchor to the last statement that needs the resource, whatever becomes of the names declared in between. */
export function coreFrom(held: Held, { list, from }: Anchor, { releases, uses, doomed }: Moved): Range | undefined {
  const { statements } = list;
  const needing: readonly ts.Node[] = [...uses.all, ...releases.map((r) => r.node)];
  const indices = needing.map((node) => statements.findIndex((s) => contains(s, node)));
  if (indices.some((index) => index < 0)) return undefined;
  // Nothing mentions a lock while it is needed.
  const isLock = releases.length === 0 && held.obligation.acquisition.preferred.by === 'call';
  let to = isLock ? statements.length - 1 : Math.max(from - 1, ...indices);
  while (to >= from && doomed.statements.has(statements[to] as ts.Statement)) to -= 1;
  return to >= from ? { list, from, to } : undefined;
}

/** Whether a block around the range hides no name from somebody and holds nothing that belongs to the module. */
function isWrappable({ analysis }: Held, { list, from, to }: Range): boolean {
  const inside = list.statements.slice(from, to + 1);
  if (ts.isSourceFile(list) && inside.some(isModuleItem)) return false;
  const span = { pos: inside[0]?.pos ?? 0, end: inside.at(-1)?.end ?? 0 };
  return declaredIn(inside).every((name) =>
    (analysis.unit.scopes.bindingOf(name)?.references ?? []).every((r) => span.pos <= r.pos && r.end <= span.end),
  );
}

function isModuleItem(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return (
    modifiers?.[0]?.kind === ts.SyntaxKind.ExportKeyword ||
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isExportAssignment(statement)
  );
}

/** The statements of a list that an edit is about. */
export const statementsOf = ({ list, from, to }: Range): readonly ts.Statement[] => list.statements.slice(from, to + 1);
