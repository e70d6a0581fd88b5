import ts from 'typescript';
import type { Registration } from '../contexts/registrations.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, enclosingRoot, isAsync, strip } from '../syntax/tree.ts';
import { importNamed } from './namedImport.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';

/**
 * `using _ = addAbortListener(signal, f)`: removed when the block is left. Only where that is when the work ends: the
 * registration stands in the block that holds the end of the work.
 */
export function abortUsing(file: FileAnalysis, registration: Registration, end: ts.Node): FixPlan | undefined {
  const { call, emitter, handler, options } = registration;
  const { unit, program } = file;
  const { using, platform } = program.host.environment(unit.path);
  const statement = call.parent;
  if (!using || platform === 'browser' || platform === 'hybrid' || file.options.disposal !== 'auto') return undefined;
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent) || !contains(statement.parent, end))
    return undefined;
  if (!isAsync(enclosingRoot(call)) || unit.scopes.lookup('_', call) || (options && !isPlain(options)))
    return undefined;
  const signal = emitter.getText();
  const isOptional = ts.isPropertyAccessExpression(call.expression) && call.expression.questionDotToken !== undefined;
  const rewriter = new Rewriter();
  if (!importNamed(file, rewriter, 'events', 'addAbortListener')) return undefined;
  rewriter.replace(
    statement.getStart(),
    handler.getStart(),
    `using _ = ${isOptional ? `${signal} && ` : ''}addAbortListener(${signal}, `,
  );
  rewriter.replace(handler.end, call.end, ')');
  return { title: 'Use `using` with `addAbortListener`', safety: 'suggestion', edits: rewriter.edits() };
}

/** `addAbortListener` listens once, and knows no other options. */
function isPlain(options: ts.Expression): boolean {
  const inner = strip(options);
  return ts.isObjectLiteralExpression(inner) && inner.properties.every((it) => /^once\b/.test(it.getText()));
}
