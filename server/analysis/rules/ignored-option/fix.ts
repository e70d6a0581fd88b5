import ts from 'typescript';
import type { DeadGuard } from '../../bounds/guards.ts';
import type { GivenOption, JudgedWait } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { doom, removeDoomed } from '../../fixes/removal.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { unstrip } from '../../syntax/tree.ts';

/** The same number of milliseconds, in the option that works. */
export function fixes(file: FileAnalysis, { wait }: JudgedWait, { value }: GivenOption): readonly Fix[] {
  const { parent } = value;
  if (wait.preferred !== 'signal' || value.getSourceFile() !== file.unit.file) return [];
  const rewriter = new Rewriter();
  if (ts.isPropertyAssignment(parent)) {
    rewriter.replace(parent.name.getStart(), parent.name.end, 'signal');
    rewriter.insert(value.getStart(), 'AbortSignal.timeout(');
    rewriter.insert(value.end, ')');
  } else if (ts.isShorthandPropertyAssignment(parent)) {
    rewriter.insert(value.getStart(), 'signal: AbortSignal.timeout(');
    rewriter.insert(value.end, ')');
  } else return [];
  return fixesOf(file.unit.path, [
    { title: 'Pass it as `signal: AbortSignal.timeout(…)`', safety: 'suggestion', edits: rewriter.edits() },
  ]);
}

/** What a guard that never holds keeps from running goes, and the guard with it. */
export function withoutGuard({ unit }: FileAnalysis, { node, guarded }: DeadGuard): readonly Fix[] {
  const statement = unstrip(node).parent;
  if (!ts.isIfStatement(statement) || statement.elseStatement || statement.thenStatement !== guarded) return [];
  const doomed = doom([statement]);
  if (!doomed) return [];
  const rewriter = new Rewriter();
  removeDoomed(rewriter, unit.file, doomed);
  return fixesOf(unit.path, [{ title: 'Remove what never runs', safety: 'safe', edits: rewriter.edits() }]);
}
