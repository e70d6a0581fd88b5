import ts from 'typescript';
import { literal } from '../../bounds/deadline.ts';
import type { TakenBound } from '../../bounds/given.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { addOption } from '../../fixes/addOption.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { strip } from '../../syntax/tree.ts';

/** The option, in the options that are there. */
export function fixes(file: FileAnalysis, { call, bound }: TakenBound): readonly Fix[] {
  const args = call.arguments ?? [];
  const node = args.find((argument) => ts.isObjectLiteralExpression(strip(argument)));
  // Some options have a path: only plain ones are written.
  if (bound.option.includes('.') || (!node && args.length > 0)) return [];
  const option = `${bound.option}: ${literal(file.options.timeoutMs)}`;
  // A pool of others takes its options last; without any there is nothing to go by.
  const last = node ?? undefined;
  const rewriter = addOption(call, last ? { node: lastObject(args) ?? last } : { index: 0 }, option);
  return rewriter
    ? fixesOf(file.unit.path, [{ title: `Pass \`${option}\``, safety: 'suggestion', edits: rewriter.edits() }])
    : [];
}

function lastObject(args: readonly ts.Expression[]): ts.Expression | undefined {
  return args.findLast((argument) => ts.isObjectLiteralExpression(strip(argument)));
}
