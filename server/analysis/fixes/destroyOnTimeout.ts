import ts from 'typescript';
import { literal } from '../bounds/deadline.ts';
import type { Armed } from '../bounds/valueBounds.ts';
import type { JudgedWait } from '../bounds/waits.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingStatement, receiver, strip } from '../syntax/tree.ts';
import { insertAfter, namedValue } from './deadline.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Arms the socket's own timer, which runs while it connects, too, and destroys the socket when it expires. */
export function armTimer(file: FileAnalysis, { call, wait, missing }: JudgedWait): FixPlan | undefined {
  const [timer] = wait.value?.timers ?? [];
  if (timer === undefined || !missing.includes('idle')) return undefined;
  const ms = literal(file.options.timeoutMs);
  const title = `Destroy the ${wait.kind} after ${ms} ms of silence`;
  const line = (name: string): string =>
    `${name}.${timer}(${ms}, () => ${name}.destroy(new Error('no answer for ${ms} ms')))`;
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
  const rewriter = ts.isStatement(named.statement) ? insertAfter(named.statement, [line(named.text)]) : undefined;
  return rewriter && { title, safety: 'suggestion', edits: rewriter.edits() };
}

/** A timer around the connecting alone, cleared as soon as the connection stands or has failed. */
export function boundConnecting(file: FileAnalysis, { call, wait, missing }: JudgedWait): FixPlan | undefined {
  const named = missing.includes('connect') ? namedValue(call) : undefined;
  const event = wait.value?.connected?.[0];
  if (!named || event === undefined) return undefined;
  const ms = literal(file.options.timeoutMs);
  const timer = freeName(file, call, 'connectTimer');
  const rewriter = insertAfter(named.statement, [
    `const ${timer} = setTimeout(() => ${named.text}.destroy(new Error('no connection within ${ms} ms')), ${ms})`,
    `${named.text}.once('${event}', () => clearTimeout(${timer}))`,
    `${named.text}.once('close', () => clearTimeout(${timer}))`,
  ]);
  return rewriter && { title: `Give up connecting after ${ms} ms`, safety: 'suggestion', edits: rewriter.edits() };
}

/** Destroys in the handler of the timer, or in one more listener. */
export function destroyInHandler(_file: FileAnalysis, { call, wait }: JudgedWait, armed: Armed): FixPlan | undefined {
  const arming = ts.isCallExpression(armed.node) && armed.node !== call ? armed.node : undefined;
  const owner = arming && receiver(arming);
  const named = namedValue(call);
  const text =
    owner && (ts.isIdentifier(owner) || ts.isPropertyAccessExpression(owner)) ? owner.getText() : named?.text;
  if (text === undefined) return undefined;
  const title = `Destroy the ${wait.kind} when the timeout expires`;
  const destroys = `${text}.destroy(new Error('timed out'))`;
  const handler = armed.handler && strip(armed.handler);
  if (handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) && ts.isBlock(handler.body)) {
    const rewriter = appendTo(handler.body, destroys);
    return { title, safety: 'suggestion', edits: rewriter.edits() };
  }
  const statement = arming ? enclosingStatement(arming) : named?.statement;
  const rewriter =
    statement && ts.isStatement(statement)
      ? insertAfter(statement, [`${text}.on('timeout', () => ${destroys})`])
      : undefined;
  return rewriter && { title, safety: 'suggestion', edits: rewriter.edits() };
}

/** Writes a statement at the end of a block. */
function appendTo(block: ts.Block, text: string): Rewriter {
  const file = block.getSourceFile();
  const { newline, unit, end } = styleOf(file);
  const lines = new Lines(file.text);
  const last = block.statements.at(-1);
  const rewriter = new Rewriter();
  const isOneLine = lines.start(block.getStart()) === lines.start(block.end - 1);
  if (last && isOneLine) rewriter.insert(last.end, `${last.getText().endsWith(';') ? '' : ';'} ${text}${end}`);
  else if (last) rewriter.insert(last.end, `${newline}${lines.indentAt(last.getStart())}${text}${end}`);
  else {
    const indent = lines.indentAt(block.getStart());
    rewriter.replace(block.getStart(), block.end, `{${newline}${indent}${unit}${text}${end}${newline}${indent}}`);
  }
  return rewriter;
}

function freeName({ unit }: FileAnalysis, node: ts.Node, name: string): string {
  let free = name;
  for (let n = 2; unit.scopes.lookup(free, node); n++) free = `${name}${n}`;
  return free;
}
