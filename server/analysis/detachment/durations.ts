import ts from 'typescript';
import { longWait } from '../resources/abortable.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { mayDeclareAsync } from '../syntax/declarationText.ts';
import type { TextTest } from '../syntax/program.ts';
import { calleeName, isAsync, isFunctionLiteral, isRoot, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { constantOf, duration } from './constants.ts';
import { bodyOf, isEndless } from './endlessLoops.ts';
import { originOf } from './origins.ts';
import { endsWithItsRace } from './raceSignals.ts';
import { madePromise } from './settling.ts';
import { timerOf } from './timers.ts';

/** The longest wait in a piece of work, as far as constants and loops tell. */
export interface LongWait {
  /** Milliseconds; `Infinity` for a loop or a wait without an end. */
  readonly ms: number;
  readonly node: ts.Node;
  /** `for up to 600 s`, `without an end` */
  readonly text: string;
}

/** Callees are followed this deep. */
const maxDepth = 2;

/** The longest wait that is written in a function, and in the functions that it calls. */
export function longestWait(fn: ts.Node, semantics: Semantics, depth = maxDepth): LongWait | undefined {
  const unit = semantics.program.unitOf(fn);
  let longest: LongWait | undefined;
  const take = (ms: number | undefined, node: ts.Node): void => {
    if (ms === undefined || ms <= (longest?.ms ?? 0)) return;
    longest = { ms, node, text: ms === Number.POSITIVE_INFINITY ? 'without an end' : `for up to ${duration(ms)}` };
  };
  const visit = (node: ts.Node): void => {
    if (isRoot(node) && node !== fn && !runsHere(node)) return;
    if (ts.isIterationStatement(node, false) && isEndless(node)) {
      const body = bodyOf(node);
      if (body.waits && !body.leaves) take(Number.POSITIVE_INFINITY, node);
    }
    if (ts.isCallExpression(node)) {
      take(sleepOf(node, unit, semantics), node);
      const target = depth > 0 && isWaitedFor(node) ? semantics.targets.resolve(node, isLasting)?.function : undefined;
      const inner = target?.body && longestWait(target, semantics, depth - 1);
      if (inner) take(inner.ms, node);
    } else if (ts.isNewExpression(node)) take(madeSleep(node, unit, semantics), node);
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return longest;
}

/** Executors and handlers of promises run as part of the work. */
function runsHere(node: ts.Node): boolean {
  if (!isFunctionLiteral(node)) return false;
  const { parent } = unstrip(node);
  if (ts.isNewExpression(parent)) return false;
  if (!ts.isCallExpression(parent)) return false;
  if (strip(parent.expression) === node) return !isAsync(node) || isWaitedFor(parent);
  return /^(?:then|catch|finally|map|all)$/.test(calleeName(parent)?.text ?? '');
}

/** Only what a function waits for makes it last longer. */
function isWaitedFor(call: ts.CallExpression): boolean {
  for (let current: ts.Node = unstrip(call).parent; current; current = current.parent) {
    if (ts.isAwaitExpression(current) || ts.isReturnStatement(current)) return true;
    if (ts.isArrowFunction(current)) return true;
    if (ts.isStatement(current) || isRoot(current)) return false;
  }
  return false;
}

/** `setTimeout(600_000)` of `timers/promises`, without a signal. */
function sleepOf(call: ts.CallExpression, unit: SourceUnit, semantics: Semantics): number | undefined {
  const origin = originOf(call.expression, unit);
  if (origin?.module === 'timers/promises' && origin.name === 'setTimeout') {
    return hasSignal(call) ? undefined : constantOf(call.arguments[0], semantics.program);
  }
  // A helper that sleeps for as long as it is told. To find it may take a question to the compiler: only for long waits.
  const told = call.arguments.length === 0 ? undefined : constantOf(call.arguments[0], semantics.program);
  if (told === undefined || told < longWait) return undefined;
  const target = semantics.targets.resolve(call, isSleeping)?.function;
  const [parameter] = target?.parameters ?? [];
  if (!target?.body || !parameter || !ts.isIdentifier(parameter.name) || hasSignal(call)) return undefined;
  const name = parameter.name.text;
  return sleepsFor(target, name) ? told : undefined;
}

function hasSignal(call: ts.CallExpression): boolean {
  return call.arguments.some((argument) => /signal/i.test(argument.getText())) && !endsWithItsRace(call);
}

/** `(ms) => new Promise((resolve) => setTimeout(resolve, ms))` */
function sleepsFor({ body }: ts.FunctionLikeDeclaration, name: string): boolean {
  const text = body?.getText() ?? '';
  return (
    text.length < 300 &&
    /new Promise/.test(text) &&
    new RegExp(`setTimeout\\([^;]*,\\s*${name.replaceAll('$', '\\$')}\\s*\\)`).test(text)
  );
}

/** `new Promise((resolve) => setTimeout(resolve, 600_000))` */
function madeSleep(node: ts.NewExpression, unit: SourceUnit, semantics: Semantics): number | undefined {
  const promise = madePromise(node, unit);
  if (!promise || /signal/i.test(promise.executor.getText())) return undefined;
  let longest: number | undefined;
  const visit = (inner: ts.Node): void => {
    const timer = ts.isCallExpression(inner) ? timerOf(inner, unit, semantics.program) : undefined;
    if (timer?.kind === 'timeout' && timer.delay !== undefined) longest = Math.max(longest ?? 0, timer.delay);
    ts.forEachChild(inner, visit);
  };
  visit(promise.executor.body);
  return longest;
}

/** Whether a text holds the duration of a long wait: a minute or more. Most have few numbers: they are looked for first. */
function holdsLongWait(text: string): boolean {
  for (const { 0: number, index } of text.matchAll(numbers)) {
    const isLong = longNumber.test(number);
    const isFactor = factor.test(number);
    if (!isLong && !isFactor) continue;
    const before = text.slice(Math.max(0, index - 40), index);
    if (isLong && /(?:[(,=:*?|+]|\breturn)\s*$/.test(before)) return true;
    if (isFactor && /\*\s*$/.test(before)) return true;
  }
  return false;
}

const numbers = /\d[\d_]*(?:e[3-9])?\b/g;
const longNumber = /^(?:[6-9]\d{4}|[1-9]\d{5,}|\d{1,3}(?:_\d{3})+|\d+e[3-9])$/;
/** Part of a product: `5 * 60 * 1000`. */
const factor = /^(?:1_?000|60)$/;

/** A function that may last long, for those who wait for it. */
export const isLasting: TextTest = {
  text: (text) => waiting.test(text) && holdsLongWait(text),
  word: mayDeclareAsync,
};

/** The usual names of what waits for a time; `setTimeout` is one of them. */
const waiting = /\bsetInterval\s*\(|(?:[sS]leep|[dD]elay|[wW]ait|[pP]ause|[tT]imeout)\w*\s*\(/;

const isSleeping: TextTest = { text: (text) => /\bsetTimeout\b/.test(text) };

/** Names of exported functions that last long: files that call them have to be looked at. */
export function lastingNames({ exports, text }: SourceUnit, semantics: Semantics): readonly string[] {
  const names: string[] = [];
  if (!holdsLongWait(text)) return names;
  for (const [name, exported] of exports.named) {
    const node = 'node' in exported ? exported.node : undefined;
    const fn = node && ts.isIdentifier(node) ? semantics.targets.functionOf(node) : node;
    if (!fn || !isRoot(fn) || !isAsync(fn)) continue;
    const wait = longestWait(fn, semantics, 0);
    if (wait && wait.ms >= longWait && wait.ms < Number.POSITIVE_INFINITY) names.push(name);
  }
  return names;
}
