import ts from 'typescript';
import { custodyOf } from '../detachment/detachment.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Fix } from '../finding.ts';
import {
  enclosingRoot,
  enclosingStatement,
  isFunctionLiteral,
  mentionsName,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { addArgument, signalPlace } from './arguments.ts';
import { insertBefore, insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { Rewriter } from './rewriter.ts';
import { stoppable } from './stoppable.ts';
import { styleOf } from './style.ts';
import type { Page } from './wrap.ts';

/**
 * Ends a task with what it was started for: a controller that is aborted when the client leaves or the object ends, whose
 * signal the task gets as its last argument and hands to what it waits for.
 */
export function abortWithCause(file: FileAnalysis, call: ts.CallExpression): Fix | undefined {
  const { unit, semantics, program } = file;
  const custody = custodyOf(call);
  const work = isFunctionLiteral(strip(call.expression)) ? undefined : semantics.targets.resolve(call)?.function;
  if (custody.kind !== 'detached' || !work?.body || call.arguments.some(ts.isSpreadElement)) return undefined;
  if (call.arguments.length > work.parameters.length) return undefined;
  const there = program.unitOf(work);
  const rewriters = new Map<SourceUnit, Rewriter>([[unit, new Rewriter()]]);
  const rewriterOf = (its: SourceUnit): Rewriter => {
    const rewriter = rewriters.get(its) ?? new Rewriter();
    rewriters.set(its, rewriter);
    return rewriter;
  };
  const page = { rewriter: rewriterOf(unit), file: unit.file, style: styleOf(unit.file) };
  const cause = leavingClient(call) ?? endingObject(call, unit);
  const source = cause?.abort(page);
  const passed = source && addArgument(call, work.parameters.length, source.signal);
  if (!cause || !passed) return undefined;
  const isOnlyCaller = calledOnlyBy(file, work, call);
  if (!takeSignal(work, there, isOnlyCaller, rewriterOf(there))) return undefined;
  for (const { start, text } of passed) page.rewriter.insert(start, text);
  if (!custody.reported) report(custody.whole, source.signal, page);
  const build: Fix['build'] = () => {
    // The edits are those of the texts that were analysed.
    if ([...rewriters.keys()].some((its) => program.unit(its.path) !== its)) return undefined;
    return { files: [...rewriters].map(([{ path }, its]) => ({ path, create: false, edits: its.edits() })) };
  };
  return { title: cause.title, safety: 'suggestion', build };
}

/** For what a task is started, and what has to end it. */
interface Cause {
  readonly title: string;
  /** Writes a controller that is aborted with the cause; gives the expression of its signal where the task is started. */
  abort(page: Page): { readonly signal: string } | undefined;
}

/** A parameter of a function around, whose `close` tells that nobody is there any more. */
function leavingClient(call: ts.Node): Cause | undefined {
  const client = clientOf(call);
  return (
    client && {
      title: 'Abort it when the client leaves',
      abort(page) {
        const controller = ['controller', 'left', 'disconnect'].find((it) => !mentionsName(client.root, it));
        if (controller === undefined) return undefined;
        const { end, newline, unit: step } = page.style;
        const indent = new Lines(page.file.text).indentAt(
          (client.body.statements[0] ?? client.body).getStart(page.file),
        );
        const abort = `${controller}.abort()${end}`;
        insertFirst(page, client.body, 0, [
          `const ${controller} = new AbortController()${end}`,
          [
            `${client.name}.once('close', () => {`,
            `${indent}${step}${client.isResponse ? `if (!${client.name}.writableEnded) ${abort}` : abort}`,
            `${indent}})${end}`,
          ].join(newline),
        ]);
        return { signal: `${controller}.signal` };
      },
    }
  );
}

/** The object whose method starts the task, and that has a method which ends it. */
function endingObject(call: ts.CallExpression, unit: SourceUnit): Cause | undefined {
  const object = stoppable(call, unit);
  const root = enclosingRoot(call);
  const statement = enclosingStatement(call);
  if (!object || !ts.isStatement(statement) || root.parent !== object.owner || mentionsName(root, 'signal'))
    return undefined;
  return {
    title: `Abort it in \`${object.endName}\``,
    abort(page) {
      const { end } = page.style;
      object.declare(page);
      insertBefore(page, statement, [
        `this.${object.field} ??= new AbortController()${end}`,
        `const { signal } = this.${object.field}${end}`,
      ]);
      // What is started again after the end gets a signal of its own.
      insertFirst(page, object.end, 0, [
        `this.${object.field}?.abort()${end}`,
        `this.${object.field} = undefined${end}`,
      ]);
      return { signal: 'signal' };
    },
  };
}

interface Client {
  readonly name: string;
  readonly isResponse: boolean;
  /** The function that has it. */
  readonly root: ts.Node;
  readonly body: ts.Block;
}

function clientOf(node: ts.Node): Client | undefined {
  const root = enclosingRoot(node);
  if (ts.isSourceFile(root) || !ts.isFunctionLike(root)) return undefined;
  const { body, parameters } = root as ts.FunctionLikeDeclaration;
  for (const { name } of parameters) {
    if (!ts.isIdentifier(name)) continue;
    const isResponse = /^(?:res|response)$/.test(name.text);
    if (!isResponse && !/^(?:socket|ws|conn|connection)$/.test(name.text)) continue;
    return body && ts.isBlock(body) ? { name: name.text, isResponse, root, body } : undefined;
  }
  return clientOf(root);
}

/** Whether nothing else calls a function: then it may demand the signal. */
function calledOnlyBy({ semantics }: FileAnalysis, work: ts.FunctionLikeDeclaration, call: ts.CallExpression): boolean {
  const uses = semantics.references.usesOf(work as Parameters<typeof semantics.references.usesOf>[0]);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0) return false;
  return uses.calls.every((it) => it.call === call);
}

/** Gives a function a signal, and the signal to the waits in it that take one; false where none does. */
function takeSignal(
  work: ts.FunctionLikeDeclaration,
  unit: SourceUnit,
  isDemanded: boolean,
  rewriter: Rewriter,
): boolean {
  const last = work.parameters.at(-1);
  if (!work.body || last?.dotDotDotToken || mentionsSignal(work)) return false;
  const waits: ts.CallExpression[] = [];
  walk(work.body, (node) => {
    if (ts.isCallExpression(node) && signalPlace(node, unit) !== undefined) waits.push(node);
  });
  // Of the competitors of a race one is enough; the deadline ends when the race does.
  const told = waits.filter((wait) => !isDeadlineOf(wait, waits));
  let count = 0;
  for (const wait of told) {
    const edits = addArgument(wait, signalPlace(wait, unit) ?? 0, '{ signal }');
    if (!edits) continue;
    count += 1;
    for (const { start, text } of edits) rewriter.insert(start, text);
  }
  if (count === 0) return false;
  const isTyped = /\.[cm]?tsx?$/.test(unit.path);
  const parameter = `signal${isTyped ? `${isDemanded ? '' : '?'}: AbortSignal` : ''}`;
  if (last) {
    rewriter.insert(last.end, `, ${parameter}`);
    return true;
  }
  const open = unit.text.indexOf('(', work.name?.end ?? work.getStart(unit.file));
  if (open < 0 || open > work.body.pos) return false;
  rewriter.insert(open + 1, parameter);
  return true;
}

/** Whether a sleep competes in a race with another wait that can be told. */
function isDeadlineOf(wait: ts.CallExpression, others: readonly ts.CallExpression[]): boolean {
  const { parent } = unstrip(wait);
  if (!ts.isArrayLiteralExpression(parent) || !/sleep|delay|timeout|wait/i.test(wait.expression.getText()))
    return false;
  return others.some((other) => other !== wait && unstrip(other).parent === parent);
}

/** A signal that comes from elsewhere; those of controllers that the function makes are its own business. */
function mentionsSignal(work: ts.FunctionLikeDeclaration): boolean {
  return some(work, (node) => ts.isIdentifier(node) && node.text === 'signal' && !isProperty(node));
}

function isProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

/** Reports what goes wrong; that the task was aborted is no news. */
function report(
  whole: ts.Expression,
  signal: string,
  { rewriter, file, style: { end, newline, unit } }: Parameters<typeof insertFirst>[0],
): void {
  const { parent } = whole;
  if (ts.isVoidExpression(parent)) rewriter.remove(parent.getStart(file), whole.getStart(file));
  const indent = new Lines(file.text).indentAt(whole.getStart(file));
  const lines = [
    '.catch((error) => {',
    `${indent}${unit}if (!${signal}.aborted) console.error(error)${end}`,
    `${indent}})`,
  ];
  rewriter.insert(whole.end, lines.join(newline));
}
