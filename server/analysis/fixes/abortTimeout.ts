import ts from 'typescript';
import { originOf } from '../detachment/origins.ts';
import type { Race } from '../detachment/races.ts';
import { callbackLiteral, type Timer } from '../detachment/timers.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { abortable } from '../resources/abortable.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  enclosingStatement,
  isFunctionLiteral,
  mentionsName,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { addArgument, addProperty } from './arguments.ts';
import type { FixPlan } from './plan.ts';
import { doom, isList, removeDoomed } from './removal.ts';
import { Rewriter } from './rewriter.ts';

const title = 'Use `AbortSignal.timeout()` instead of the timer';

/**
 * Replaces a controller that only a timer aborts by a signal that times out by itself. What waits fails with another
 * error then, and the time includes what is read after the timer was cleared: a suggestion.
 */
export function timeoutForController(unit: SourceUnit, timer: Timer): FixPlan | undefined {
  const delay = timer.call.arguments[1];
  const controller = delay && controllerOf(timer, unit);
  const made = controller?.declarations[0]?.parent;
  if (!delay || !controller || !made || !ts.isVariableDeclaration(made)) return undefined;
  const root = enclosingRoot(timer.call);
  if (made.initializer?.getText() !== 'new AbortController()' || enclosingRoot(made) !== root) return undefined;
  if (/\bAbortError\b|\.aborted\b/.test(root.getText())) return undefined;
  const own = callbackLiteral(timer);
  const uses = controller.references.filter((it) => it !== made.name && !(own && contains(own, it)));
  const [signal, another] = uses.map(signalOf);
  const start = enclosingStatement(timer.call);
  const user = signal && enclosingStatement(signal);
  if (!signal || !user || another || uses.length !== 1 || !isStartedBeside(start, user)) return undefined;
  const gone = [enclosingStatement(made), start, ...clearsOf(timer)];
  if (!gone.every(isSole)) return undefined;
  const doomed = doom(gone as ts.Statement[]);
  if (!doomed) return undefined;
  const rewriter = new Rewriter();
  removeDoomed(rewriter, unit.file, doomed);
  rewriter.replace(signal.getStart(unit.file), signal.end, `AbortSignal.timeout(${delay.getText()})`);
  return { title, safety: 'suggestion', edits: rewriter.edits() };
}

/** `setTimeout(() => controller.abort(), ms)`: the controller. */
function controllerOf(timer: Timer, unit: SourceUnit): Binding | undefined {
  const body = callbackLiteral(timer)?.body;
  const only = body && ts.isBlock(body) && body.statements.length === 1 ? body.statements[0] : body;
  const call = only && (ts.isExpressionStatement(only) ? strip(only.expression) : only);
  if (!call || !ts.isCallExpression(call) || calleeName(call)?.text !== 'abort' || call.arguments.length > 0)
    return undefined;
  const callee = strip(call.expression);
  const object = ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
  return object && ts.isIdentifier(object) ? unit.scopes.bindingOf(object) : undefined;
}

function signalOf(reference: ts.Identifier): ts.Expression | undefined {
  const { parent } = reference;
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'signal' ? parent : undefined;
}

/** Whether the work starts with the timer: behind it in the same list, or in a `try` there, with no wait between. */
function isStartedBeside(start: ts.Node, user: ts.Node): boolean {
  const list = start.parent;
  if (!isList(list)) return false;
  const behind = list.statements.slice(list.statements.indexOf(start as ts.Statement) + 1);
  const at = behind.findIndex((statement) => contains(statement, user));
  const holder = behind[at];
  const inner = holder && ts.isTryStatement(holder) ? holder.tryBlock.statements[0] : holder;
  return inner === user && behind.slice(0, at).every((statement) => !/\bawait\b/.test(statement.getText()));
}

function clearsOf({ keeping }: Timer): readonly ts.Node[] {
  if (keeping.by !== 'name') return [];
  const others = keeping.binding.references.filter((it) => it !== keeping.target);
  return others.map((it) => (ts.isCallExpression(it.parent) ? it.parent.parent : it));
}

/** A statement that can go as a whole. */
function isSole(node: ts.Node): boolean {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.length === 1;
  return ts.isExpressionStatement(node) && ts.isCallExpression(strip(node.expression));
}

/**
 * Gives the work of a race a signal that times out, in place of the race: then it does not only lose, it stops. Whoever
 * catches gets another error: a suggestion.
 */
export function timeoutForRace(file: FileAnalysis, { call: race, work, deadlines }: Race): FixPlan | undefined {
  const { unit } = file;
  const [only, another] = work;
  const [deadline, second] = deadlines;
  const request = only && strip(only);
  if (!request || another || !deadline || second || deadline.through || !ts.isCallExpression(request)) return undefined;
  const delay = deadline.timer.call.arguments[1];
  const origin = originOf(request.expression, unit);
  const index = origin ? abortable[origin.module ?? '']?.[origin.name] : undefined;
  if (!delay || index === undefined || origin?.module === 'timers/promises') return undefined;
  // A deadline beside the race has a name, which would be left over; one that resolves is no failure.
  if (!contains(race, deadline.timer.call) || !rejects(deadline.timer) || /\bsignal\b/.test(request.getText()))
    return undefined;
  const option = `signal: AbortSignal.timeout(${delay.getText()})`;
  const given = request.arguments[index];
  const added = given ? addProperty(given, option) : addArgument(request, index, `{ ${option} }`);
  if (!added) return undefined;
  const rewriter = new Rewriter();
  rewriter.remove(unstrip(race).getStart(unit.file), request.getStart(unit.file));
  for (const { start, end, text } of added) {
    if (start === end) rewriter.insert(start, text);
    else rewriter.replace(start, end, text);
  }
  rewriter.remove(request.end, unstrip(race).end);
  return { title: 'Use `AbortSignal.timeout()` instead of the race', safety: 'suggestion', edits: rewriter.edits() };
}

/** Whether the deadline makes the race fail. */
function rejects({ call }: Timer): boolean {
  const root = enclosingRoot(call);
  const name = isFunctionLiteral(root) ? root.parameters[1]?.name.getText() : undefined;
  return name !== undefined && mentionsName(call, name);
}
