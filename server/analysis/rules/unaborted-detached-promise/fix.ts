import type ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { abortWithCause } from '../../fixes/abortWithCause.ts';

/** The repairs of a task that outlives its cause. */
export function fixes(file: FileAnalysis, call: ts.CallExpression): readonly Fix[] {
  const fix = abortWithCause(file, call);
  return fix ? [fix] : [];
}
