import ts from 'typescript';
import type { UnforwardedSignal } from '../../detachment/signals.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { addArgument, addProperty } from '../../fixes/arguments.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { isRoot } from '../../syntax/tree.ts';

/** Passes the signal on: as an argument, or as an option beside those that are there. */
export function forwardSignal(file: FileAnalysis, { call, signal, place }: UnforwardedSignal): readonly Fix[] {
  const option = signal.text === 'signal' ? 'signal' : `signal: ${signal.text}`;
  const edits = call.arguments[place.index]
    ? addProperty(call.arguments[place.index], option)
    : place.as === 'either'
      ? undefined
      : addArgument(call, place.index, place.as === 'itself' ? signal.text : `{ ${option} }`);
  if (!edits) return [];
  // Who handles failures of the call will be told of an abort as of one.
  const safety = isCaught(call) ? 'suggestion' : 'safe';
  return fixesOf(file.unit.path, [{ title: `Pass \`${signal.text}\` on`, safety, edits }]);
}

/** Whether a `catch` around the call does something with what it fails with. */
function isCaught(call: ts.Node): boolean {
  for (let current = call; current.parent && !isRoot(current); current = current.parent) {
    const { parent } = current;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== current || !parent.catchClause) continue;
    const [only, another] = parent.catchClause.block.statements;
    if (!only || another || !ts.isThrowStatement(only)) return true;
  }
  return false;
}
