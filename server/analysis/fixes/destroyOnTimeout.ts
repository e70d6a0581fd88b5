import ts from 'typescript';
import { literal } from '../bounds/deadline.ts';
import { isBoundBySilence } from '../bounds/transfers.ts';
import type { Armed } from '../bounds/valueBounds.ts';
import type { JudgedWait } from '../bounds/waits.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingStatement, receiver, strip } from '../syntax/tree.ts';
import { insertAfter, namedValue } from './deadline.ts';
import { type Hearing, hearError } from './hearError.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Arms the socket's own timer, which runs while it connects, too, and destroys the socket when it expires. */
export function armTimer(file: FileAnalysis, judged: JudgedWait): FixPlan | undefined {
  const { call, wait, missing } = judged;
  const [timer] = wait.value?.timers ?? [];
  if (timer === undefined || !(missing.includes('idle') || isBoundBySilence(judged))) return undefined;
  const ms = literal(file.options.timeoutMs);
  const title = `Destroy the ${wait.kind} after ${ms} ms of silence`;
  if (wait.value?.accepted !== undefined) {
    const handler = call.arguments?.at(-1);
    const fn = handler && file.semantics.targets.functionOf(handler);
    const name = fn?.parameters[wait.value.accepted]?.name;
    if (!fn?.body || !ts.isBlock(fn.body) || !name || !ts.isIdentifier(name) || fn.getSourceFile() !== file.unit.file)
      return undefined;
    const rewriter = new Rewriter();
    const style = styleOf(file.unit.file);
    insertFirst({ rewriter, file: file.unit.file, style }, fn.body, 0, [
      `${name.text}.${timer}(${ms}, () => ${name.text}.destroy())${style.end}`,
    ]);
    return { title, safety: 'suggestion', edits: rewriter.edits() };
  }
  const own = wait.value?.receiver && ts.isCallExpression(call) ? receiver(call) : undefined;
  const named = own ? { text: own.getText(), statement: enclosingStatement(call) as ts.Statement } : namedValue(call);
  if (!named || (own && !ts.isIdentifier(own) && !ts.isPropertyAccessExpression(own))) return undefined;
  const rewriter = new Rewriter();
  const { error, heard } = errorFor(file, judged, rewriter, `no answer for ${ms} ms`);
  const line = `${named.text}.${timer}(${ms}, () => ${named.text}.destroy(${error}))`;
  if (!ts.isStatement(named.statement) || !insertAfter(named.statement, [line], rewriter)) return undefined;
  return { title: title + heard, safety: 'suggestion', edits: rewriter.edits() };
}

/** What to destroy a socket with: where nobody hears of an error, and nobody can be told, it just closes. */
function errorFor(
  file: FileAnalysis,
  judged: JudgedWait,
  rewriter: Rewriter,
  text: string,
): { readonly error: string; readonly heard: Hearing } {
  const heard = hearError(file, judged, rewriter);
  return heard === undefined ? { error: '', heard: '' } : { error: `new Error('${text}')`, heard };
}

/** A timer around the connecting alone, cleared as soon as the connection stands or has failed. */
export function boundConnecting(file: FileAnalysis, judged: JudgedWait): FixPlan | undefined {
  const { call, wait, missing } = judged;
  const named = missing.includes('connect') ? namedValue(call) : undefined;
  const event = wait.value?.connected?.[0];
  if (!named || event === undefined) return undefined;
  const ms = literal(file.options.timeoutMs);
  const timer = freeName(file, call, 'connectTimer');
  const rewriter = new Rewriter();
  const { error, heard } = errorFor(file, judged, rewriter, `no connection within ${ms} ms`);
  const lines = [
    `const ${timer} = setTimeout(() => ${named.text}.destroy(${error}), ${ms})`,
    `${named.text}.once('${event}', () => clearTimeout(${timer}))`,
    `${named.text}.once('close', () => clearTimeout(${timer}))`,
  ];
  if (!insertAfter(named.statement, lines, rewriter)) return undefined;
  return { title: `Give up connecting after ${ms} ms${heard}`, safety: 'suggestion', edits: rewriter.edits() };
}

/** Destroys in the handler of the timer, or in one more listener. */
export function destroyInHandler(file: FileAnalysis, judged: JudgedWait, armed: Armed): FixPlan | undefined {
  const { call, wait } = judged;
  const arming = ts.isCallExpression(armed.node) && armed.node !== call ? armed.node : undefined;
  const owner = arming && receiver(arming);
  const named = namedValue(call);
  const text =
    owner && (ts.isIdentifier(owner) || ts.isPropertyAccessExpression(owner)) ? owner.getText() : named?.text;
  if (text === undefined) return undefined;
  const rewriter = new Rewriter();
  const { error, heard } = errorFor(file, judged, rewriter, 'timed out');
  // A request that is destroyed tells of an error all the same.
  if (error === '' && wait.of === 'request') return undefined;
  const title = `Destroy the ${wait.kind} when the timeout expires${heard}`;
  const destroys = `${text}.destroy(${error})`;
  const handler = armed.handler && strip(armed.handler);
  if (handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) && ts.isBlock(handler.body)) {
    appendTo(handler.body, destroys, rewriter);
    return { title, safety: 'suggestion', edits: rewriter.edits() };
  }
  const statement = arming ? enclosingStatement(arming) : named?.statement;
  if (!statement || !ts.isStatement(statement)) return undefined;
  if (!insertAfter(statement, [`${text}.on('timeout', () => ${destroys})`], rewriter)) return undefined;
  return { title, safety: 'suggestion', edits: rewriter.edits() };
}

/** Writes a statement at the end of a block. */
function appendTo(block: ts.Block, text: string, rewriter: Rewriter): void {
  const file = block.getSourceFile();
  const { newline, unit, end } = styleOf(file);
  const lines = new Lines(file.text);
  const last = block.statements.at(-1);
  const isOneLine = lines.start(block.getStart()) === lines.start(block.end - 1);
  if (last && isOneLine) rewriter.insert(last.end, `${last.getText().endsWith(';') ? '' : ';'} ${text}${end}`);
  else if (last) rewriter.insert(last.end, `${newline}${lines.indentAt(last.getStart())}${text}${end}`);
  else {
    const indent = lines.indentAt(block.getStart());
    rewriter.replace(block.getStart(), block.end, `{${newline}${indent}${unit}${text}${end}${newline}${indent}}`);
  }
}

function freeName({ unit }: FileAnalysis, node: ts.Node, name: string): string {
  let free = name;
  for (let n = 2; unit.scopes.lookup(free, node); n++) free = `${name}${n}`;
  return free;
}
