import ts from 'typescript';
import { custodyOf } from '../detachment/detachment.ts';
import { originOf } from '../detachment/origins.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Fix } from '../finding.ts';
import { abortable } from '../resources/abortable.ts';
import { enclosingRoot, isFunctionLiteral, mentionsName, some, strip, unstrip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { addArgument } from './arguments.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/**
 * Ends a task with what it was started for: a controller that is aborted when the client leaves, whose signal the task
 * gets as its last argument and hands to what it waits for.
 */
export function abortWithCause(file: FileAnalysis, call: ts.CallExpression): Fix | undefined {
  const { unit, semantics, program } = file;
  const custody = custodyOf(call);
  const cause = causeOf(call);
  const work = isFunctionLiteral(strip(call.expression)) ? undefined : semantics.targets.resolve(call)?.function;
  if (custody.kind !== 'detached' || !cause || !work?.body || call.arguments.some(ts.isSpreadElement)) return undefined;
  if (call.arguments.length > work.parameters.length) return undefined;
  const controller = ['controller', 'left', 'disconnect'].find((it) => !mentionsName(cause.root, it));
  if (controller === undefined) return undefined;
  const there = program.unitOf(work);
  const rewriters = new Map<SourceUnit, Rewriter>([[unit, new Rewriter()]]);
  const rewriterOf = (its: SourceUnit): Rewriter => {
    const rewriter = rewriters.get(its) ?? new Rewriter();
    rewriters.set(its, rewriter);
    return rewriter;
  };
  const isOnlyCaller = calledOnlyBy(file, work, call);
  if (!takeSignal(work, there, isOnlyCaller, rewriterOf(there))) return undefined;
  const page = { rewriter: rewriterOf(unit), file: unit.file, style: styleOf(unit.file) };
  const passed = addArgument(call, work.parameters.length, `${controller}.signal`);
  if (!passed) return undefined;
  for (const { start, text } of passed) page.rewriter.insert(start, text);
  if (!custody.reported) report(custody.whole, controller, page);
  const { end, newline, unit: step } = page.style;
  const indent = new Lines(unit.text).indentAt((cause.body.statements[0] ?? cause.body).getStart(unit.file));
  const abort = `${controller}.abort()${end}`;
  insertFirst(page, cause.body, 0, [
    `const ${controller} = new AbortController()${end}`,
    [
      `${cause.name}.once('close', () => {`,
      `${indent}${step}${cause.isResponse ? `if (!${cause.name}.writableEnded) ${abort}` : abort}`,
      `${indent}})${end}`,
    ].join(newline),
  ]);
  const build: Fix['build'] = () => {
    // The edits are those of the texts that were analysed.
    if ([...rewriters.keys()].some((its) => program.unit(its.path) !== its)) return undefined;
    return { files: [...rewriters].map(([{ path }, its]) => ({ path, create: false, edits: its.edits() })) };
  };
  return { title: 'Abort it when the client leaves', safety: 'suggestion', build };
}

interface Cause {
  readonly name: string;
  readonly isResponse: boolean;
  /** The function that has it. */
  readonly root: ts.Node;
  readonly body: ts.Block;
}

/** For whom the task is started: a parameter of a function around, whose `close` tells that nobody is there any more. */
function causeOf(node: ts.Node): Cause | undefined {
  const root = enclosingRoot(node);
  if (ts.isSourceFile(root) || !ts.isFunctionLike(root)) return undefined;
  const { body, parameters } = root as ts.FunctionLikeDeclaration;
  for (const { name } of parameters) {
    if (!ts.isIdentifier(name)) continue;
    const isResponse = /^(?:res|response)$/.test(name.text);
    if (!isResponse && !/^(?:socket|ws|conn|connection)$/.test(name.text)) continue;
    return body && ts.isBlock(body) ? { name: name.text, isResponse, root, body } : undefined;
  }
  return causeOf(root);
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
    if (ts.isCallExpression(node) && placeOf(node, unit) !== undefined) waits.push(node);
  });
  // Of the competitors of a race one is enough; the deadline ends when the race does.
  const told = waits.filter((wait) => !isDeadlineOf(wait, waits));
  let count = 0;
  for (const wait of told) {
    const edits = addArgument(wait, placeOf(wait, unit) ?? 0, '{ signal }');
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

/** The index at which a function of the runtime takes options with a signal, where it has none yet. */
function placeOf(call: ts.CallExpression, unit: SourceUnit): number | undefined {
  const origin = originOf(call.expression, unit);
  const functions = origin && abortable[origin.module ?? ''];
  const index = origin && functions && Object.hasOwn(functions, origin.name) ? functions[origin.name] : undefined;
  return index !== undefined && call.arguments.length <= index ? index : undefined;
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
  controller: string,
  { rewriter, file, style: { end, newline, unit } }: Parameters<typeof insertFirst>[0],
): void {
  const { parent } = whole;
  if (ts.isVoidExpression(parent)) rewriter.remove(parent.getStart(file), whole.getStart(file));
  const indent = new Lines(file.text).indentAt(whole.getStart(file));
  const lines = [
    '.catch((error) => {',
    `${indent}${unit}if (!${controller}.signal.aborted) console.error(error)${end}`,
    `${indent}})`,
  ];
  rewriter.insert(whole.end, lines.join(newline));
}
