import ts from 'typescript';
import { importersOf } from '../contexts/importers.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isOffered } from '../semantics/exposure.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isAssignment,
  isRoot,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { constantOf } from './constants.ts';
import { starting } from './endedState.ts';
import { originOf } from './origins.ts';
import { asksState, isSelf } from './ownerEnds.ts';
import { isNotice, type Owner, type OwnerEnd, ownerAround, reachedFrom } from './owners.ts';
import { isInTest } from './processEnds.ts';
import { promiseAround } from './settling.ts';
import { timerOf } from './timers.ts';

/** A method that waits and then starts something, although its object may have been ended meanwhile. */
export interface Resumed {
  readonly wait: ts.CallExpression;
  readonly end: OwnerEnd;
  /** What is started after the wait. */
  readonly starts: ts.Node;
  readonly delay: number | undefined;
}

const waiting = /^(?:sleep|wait|delay|pause)(?:For|Ms|Millis)?$/;
/** A wait that is shorter hurts nobody. */
const shortest = 1000;

/** `await sleep(ms); this.timer = setInterval(…)` in an object whose `destroy()` does not end the wait. */
export function resumedWait(call: ts.CallExpression, file: FileAnalysis): Resumed | undefined {
  const wait = waitOf(call, file);
  if (!wait) return undefined;
  const owner = ownerAround(call);
  const end = owner?.ends.find(
    (it) => !contains(it.fn, call) && !isNotice(it) && !isToRestart(it.fn, owner, call, file),
  );
  if (!owner || !end) return undefined;
  const next = afterWait(wait.whole);
  if (next.length === 0) return undefined;
  const starts = startedBy(next, owner);
  if (!starts || next.some((node) => asks(node, starts, owner)) || looksBefore(call, owner)) return undefined;
  return { wait: call, end, starts, delay: wait.delay };
}

/** Whether a step finds out that the object has ended: itself, in what it starts, or in a method that throws then. */
function asks(step: ts.Node, starts: ts.Node, owner: Owner): boolean {
  if (contains(step, starts)) return asksState(step, owner);
  return reachedFrom(step, owner, 1).some(
    (it) => (it === step || some(it, ts.isThrowStatement)) && asksState(it, { ...owner, methods: new Map() }),
  );
}

/** `restart() { await this.close(); await sleep(ms); await this.open(); }`: nobody else ends the object. */
function isToRestart(end: ts.FunctionLikeDeclaration, owner: Owner, wait: ts.Node, file: FileAnalysis): boolean {
  const { semantics } = file;
  const uses = semantics.references.usesOf(end);
  if (uses === 'unknown') return false;
  const calls = uses.calls.filter(({ certain, call }) => certain && !isInTest(call, semantics));
  const { program, unit } = file;
  const isSeen = !isOffered(program, unit) && importersOf(program.host, unit.path).others.length > 0;
  return (
    calls.length > 0 &&
    calls.every(({ call }) => {
      const root = enclosingRoot(call);
      return contains(owner.node, call) && (isSeen || reachedFrom(root, owner, 2).some((it) => contains(it, wait)));
    })
  );
}

/** A call that only waits, and takes no signal. */
function waitOf(
  call: ts.CallExpression,
  { unit, program }: FileAnalysis,
): { readonly whole: ts.Expression; readonly delay: number | undefined } | undefined {
  const name = calleeName(call)?.text ?? '';
  if (name === 'setTimeout') {
    const inner = sleepAround(call, { unit, program }) ?? sleepBeside(call, { unit, program });
    if (inner) return inner.delay !== undefined && inner.delay < shortest ? undefined : inner;
  }
  const [time] = call.arguments;
  if (name === 'setTimeout') {
    const origin = originOf(call.expression, unit);
    if (origin?.module !== 'timers/promises') return undefined;
  } else if (!waiting.test(name) || !ts.isIdentifier(strip(call.expression))) return undefined;
  if (!time || call.arguments.some((argument) => /signal|abort/i.test(argument.getText()))) return undefined;
  const delay = constantOf(time, program);
  return delay !== undefined && delay < shortest ? undefined : { whole: unstrip(call), delay };
}

/** `new Promise((resolve) => setTimeout(resolve, ms))`, of which the executor does nothing else. */
function sleepAround(
  call: ts.CallExpression,
  { unit, program }: Pick<FileAnalysis, 'unit' | 'program'>,
): { readonly whole: ts.Expression; readonly delay: number | undefined } | undefined {
  const timer = timerOf(call, unit, program);
  const promise = timer && promiseAround(call, unit);
  const resolve = timer?.callback && strip(timer.callback);
  const settling = promise?.resolve;
  if (!settling || !resolve || !ts.isIdentifier(resolve) || unit.scopes.bindingOf(resolve) !== settling)
    return undefined;
  return settling.references.length === 1 ? { whole: unstrip(promise.node), delay: timer.delay } : undefined;
}

/** `const { promise, resolve } = withResolvers(); setTimeout(resolve, ms); await promise;`, which nothing else settles. */
function sleepBeside(
  call: ts.CallExpression,
  { unit, program }: Pick<FileAnalysis, 'unit' | 'program'>,
): { readonly whole: ts.Expression; readonly delay: number | undefined } | undefined {
  const timer = timerOf(call, unit, program);
  const resolve = timer?.callback && strip(timer.callback);
  const element = resolve && ts.isIdentifier(resolve) && unit.scopes.bindingOf(resolve)?.declarations[0]?.parent;
  if (!timer || !element || !ts.isBindingElement(element) || !ts.isObjectBindingPattern(element.parent))
    return undefined;
  const made = element.parent.parent;
  const from = ts.isVariableDeclaration(made) && made.initializer ? strip(made.initializer) : undefined;
  if (!from || !ts.isCallExpression(from) || calleeName(from)?.text !== 'withResolvers') return undefined;
  const uses = new Map(element.parent.elements.map((it) => [(it.propertyName ?? it.name).getText(), usesOf(it, unit)]));
  const [awaited, another] = uses.get('promise') ?? [];
  if (!awaited || another || uses.get('resolve')?.length !== 1 || (uses.get('reject')?.length ?? 0) > 0)
    return undefined;
  return { whole: unstrip(awaited), delay: timer.delay };
}

function usesOf({ name }: ts.BindingElement, { scopes }: FileAnalysis['unit']): readonly ts.Identifier[] {
  const binding = ts.isIdentifier(name) ? scopes.bindingOf(name) : undefined;
  return binding?.references.filter((it) => it !== name) ?? [];
}

/** What runs after the wait, in the same list of statements or in the handler of its promise. */
function afterWait(whole: ts.Expression): readonly ts.Node[] {
  const { parent } = whole;
  if (ts.isAwaitExpression(parent)) {
    const statement = unstrip(parent).parent;
    if (!ts.isExpressionStatement(statement)) return [];
    const list = (statement.parent as Partial<ts.Block>).statements;
    return list ? list.slice(list.indexOf(statement) + 1) : [];
  }
  if (!ts.isPropertyAccessExpression(parent) || parent.name.text !== 'then') return [];
  const then = unstrip(parent).parent;
  const [handler] = ts.isCallExpression(then) ? then.arguments : [];
  return handler ? [handler] : [];
}

function startedBy(next: readonly ts.Node[], owner: Owner): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (const statement of next) {
    walk(statement, (node) => {
      if (found) return;
      if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
        const value = strip(node.right);
        const isInterval = ts.isCallExpression(value) && calleeName(value)?.text === 'setInterval';
        if (isInterval && isOwnField(node.left)) found = node;
      }
      if (!ts.isCallExpression(node)) return;
      const callee = strip(node.expression);
      const isOwn = ts.isPropertyAccessExpression(callee) && isSelf(strip(callee.expression));
      if (isOwn && starting.test(callee.name.text) && owner.methods.has(callee.name.text)) found = node;
    });
  }
  return found;
}

function isOwnField(node: ts.Expression): boolean {
  const target = strip(node);
  return ts.isPropertyAccessExpression(target) && isSelf(strip(target.expression));
}

/** A loop around the wait asks at every turn; an end that waits for the task has its own way. */
function looksBefore(call: ts.CallExpression, owner: Owner): boolean {
  const root = enclosingRoot(call);
  for (let current: ts.Node = call; current !== root && !isRoot(current); current = current.parent) {
    if (ts.isIterationStatement(current, false)) return true;
  }
  // `close()` that runs the method itself: it waits on purpose.
  return owner.ends.some((it) => !isNotice(it) && reachedFrom(it.fn, owner, 1).some((code) => contains(code, call)));
}
