import ts from 'typescript';
import type { DeafHandler } from '../detachment/disconnects.ts';
import { signalPlaces } from '../detachment/signals.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, isAsync, mentionsName, some, strip } from '../syntax/tree.ts';
import { addArgument, addProperty } from './arguments.ts';
import { insertBefore } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { doom } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { wrapInTry } from './wrap.ts';

/**
 * Makes a controller that is aborted when the client leaves before the response has ended, and gives its signal to the
 * work, or asks it in each turn of the loop. What comes after the work happens as before when it is completed.
 */
export function abortOnLeave(file: FileAnalysis, deaf: DeafHandler): FixPlan | undefined {
  const { handler, work, response } = deaf;
  const { body } = handler;
  if (!body || !ts.isBlock(body) || !isAsync(handler) || response === '') return undefined;
  const from = body.statements.findIndex((statement) => contains(statement, work));
  if (from < 0) return undefined;
  const name = ['controller', 'left', 'gone'].find((it) => !mentionsName(body, it));
  if (name === undefined) return undefined;
  const page = { rewriter: new Rewriter(), file: file.unit.file, style: styleOf(file.unit.file) };
  if (!stop(file, deaf, name, page)) return undefined;
  const { end, unit } = page.style;
  const before = [
    `const ${name} = new AbortController()${end}`,
    `${response}.once('close', () => {`,
    `${unit}if (!${response}.writableEnded) ${name}.abort()${end}`,
    `})${end}`,
  ];
  // A `try` that is there already would take the abort for a failure.
  if (catches(body.statements[from] as ts.Statement, work)) return undefined;
  const doomed = doom([]);
  if (!doomed) return undefined;
  wrapInTry(
    page,
    { list: body, from, to: body.statements.length - 1 },
    { doomed, unwrapped: [] },
    {
      keyword: 'catch (error)',
      before,
      lines: ['// Nobody waits any more when the client has left.', `if (!${name}.signal.aborted) throw error${end}`],
    },
  );
  return {
    title: 'Abort the work when the client leaves',
    safety: 'suggestion',
    edits: page.rewriter.edits(),
  };
}

/** Lets the work hear of the abort: by its signal where it takes one, else by a question in each turn. */
function stop(
  file: FileAnalysis,
  { work, loop }: DeafHandler,
  name: string,
  page: { readonly rewriter: Rewriter; readonly file: ts.SourceFile; readonly style: ReturnType<typeof styleOf> },
): boolean {
  const call = callOf(work);
  const place = call && signalPlaces(file, [call])[0];
  if (call && place) {
    const given = call.arguments[place.index];
    const signal = `${name}.signal`;
    const edits = given
      ? addProperty(given, `signal: ${signal}`)
      : place.as === 'either'
        ? undefined
        : addArgument(call, place.index, place.as === 'itself' ? signal : `{ signal: ${signal} }`);
    if (edits) {
      for (const { start, text } of edits) page.rewriter.insert(start, text);
      return true;
    }
  }
  const body = loop && ts.isIterationStatement(loop, false) ? loop.statement : undefined;
  const first = body && ts.isBlock(body) ? body.statements[0] : undefined;
  if (!first) return false;
  insertBefore(page, first, [`if (${name}.signal.aborted) return${page.style.end}`], page.style.unit);
  return true;
}

/** The call that does the work: itself, or what a loop iterates. */
function callOf(work: ts.Node): ts.CallExpression | undefined {
  if (ts.isCallExpression(work)) return work;
  const source = ts.isForOfStatement(work) ? strip(work.expression) : undefined;
  return source && ts.isCallExpression(source) ? source : undefined;
}

function catches(statement: ts.Statement, work: ts.Node): boolean {
  return some(
    statement,
    (node) => ts.isTryStatement(node) && node.catchClause !== undefined && contains(node.tryBlock, work),
  );
}
