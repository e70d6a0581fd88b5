import type ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { awaitAll, forOf } from '../../fixes/forOf.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** The repairs of a loop that nobody waits for. */
export function fixes({ unit }: FileAnalysis, call: ts.CallExpression): readonly Fix[] {
  return fixesOf(unit.path, [forOf(unit, call), awaitAll(unit, call)]);
}
