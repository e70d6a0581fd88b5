import ts from 'typescript';
import { delayName, delays } from '../resources/delays.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, strip, unstrip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { constantOf } from './constants.ts';
import { originOf } from './origins.ts';
import { madePromise } from './settling.ts';
import { type Timer, timerOf } from './timers.ts';

/** `Promise.race([…])` of which one competitor is a deadline. */
export interface Race {
  readonly call: ts.CallExpression;
  readonly deadlines: readonly Deadline[];
  /** The competitors that do the work. */
  readonly work: readonly ts.Expression[];
}

/** The competitor that ends the wait by time. */
export interface Deadline {
  readonly element: ts.Expression;
  /** The timer behind it, perhaps in a function that makes such promises. */
  readonly timer: Timer;
  /** Through which call it was made, when a function made it. */
  readonly through: ts.CallExpression | undefined;
}

/** The race that a call is, if one of its competitors is a timer. */
export function raceOf(call: ts.CallExpression, unit: SourceUnit, semantics: Semantics): Race | undefined {
  const origin = originOf(call.expression, unit);
  if (origin?.name !== 'Promise.race' || origin.module !== undefined) return undefined;
  const list = call.arguments[0] && strip(call.arguments[0]);
  if (!list || !ts.isArrayLiteralExpression(list)) return undefined;
  const deadlines: Deadline[] = [];
  const work: ts.Expression[] = [];
  for (const element of list.elements) {
    const deadline = deadlineOf(element, unit, semantics);
    if (deadline) deadlines.push(deadline);
    else work.push(element);
  }
  return deadlines.length > 0 && work.length > 0 ? { call, deadlines, work } : undefined;
}

function deadlineOf(element: ts.Expression, unit: SourceUnit, semantics: Semantics): Deadline | undefined {
  const made = promiseOf(element, unit);
  if (!made || isKeptToEnd(element, unit)) return undefined;
  if (ts.isNewExpression(made)) {
    const timer = timerIn(made, unit, semantics);
    return timer && { element, timer, through: undefined };
  }
  const delay = delayOf(made, element, unit, semantics);
  if (delay) return { element, timer: delay, through: made };
  const target = semantics.targets.resolve(made)?.function;
  const inner = target && returnedPromise(target);
  if (!inner) return undefined;
  const timer = timerIn(inner, semantics.program.unitOf(inner), semantics);
  return timer && { element, timer, through: made };
}

/** The timer of a function that is known to wait, or that is called like one and whose end rejects. */
function delayOf(
  call: ts.CallExpression,
  element: ts.Expression,
  unit: SourceUnit,
  { program }: Semantics,
): Timer | undefined {
  const origin = originOf(call.expression, unit);
  const names = Object.hasOwn(delays, origin?.module ?? '') ? delays[origin?.module ?? ''] : undefined;
  const isKnown = origin !== undefined && names?.includes(origin.name) === true;
  const isCalledSo = origin?.module?.startsWith('.') === true && delayName.test(calleeName(call)?.text ?? '');
  if (!isKnown && !(isCalledSo && /\breject\b|\bthrow\b/.test(element.getText()))) return undefined;
  const isRuntime = origin?.module === 'timers/promises';
  if (isRuntime && call.arguments.length > 2) return undefined;
  if (call.arguments.length === 0 || call.arguments.some((argument) => /signal|abort/i.test(argument.getText())))
    return undefined;
  // `const timer = delay(ms)`: whoever keeps the promise of a package may clear it.
  if (!isRuntime && ts.isIdentifier(strip(element))) return undefined;
  return {
    call,
    kind: 'timeout',
    callback: undefined,
    ownCallback: undefined,
    delay: constantOf(call.arguments[0], program),
    keeping: { by: 'nobody' },
  };
}

/** The expression that made a promise: `new Promise`, a call, or what a `const` was initialised with. */
function promiseOf(node: ts.Expression, unit: SourceUnit): ts.NewExpression | ts.CallExpression | undefined {
  const expression = chainStart(strip(node));
  if (ts.isNewExpression(expression) || ts.isCallExpression(expression)) return expression;
  if (!ts.isIdentifier(expression)) return undefined;
  const binding = unit.scopes.bindingOf(expression);
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || binding.writes.length > 0) return undefined;
  const initial = declaration.initializer && chainStart(strip(declaration.initializer));
  return initial && (ts.isNewExpression(initial) || ts.isCallExpression(initial)) ? initial : undefined;
}

/** `const late = delay(ms); …; clearTimeout(late.timer)`, `late.cancel()`: the promise has something by which it is ended. */
function isKeptToEnd(element: ts.Expression, { scopes }: SourceUnit): boolean {
  const start = chainStart(strip(element));
  const references = (ts.isIdentifier(start) && scopes.bindingOf(start)?.references) || [];
  return references.some(({ parent }) => ts.isPropertyAccessExpression(parent) && !chaining.test(parent.name.text));
}

const chaining = /^(?:then|catch|finally)$/;

/** `sleep(ms)` of `sleep(ms).then(…)`. */
function chainStart(node: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return node;
  const { name, expression } = node.expression;
  return name.text === 'then' || name.text === 'catch' ? chainStart(strip(expression)) : node;
}

/** The timer that settles a promise and nothing else does. */
function timerIn(promise: ts.NewExpression, unit: SourceUnit, semantics: Semantics): Timer | undefined {
  const made = madePromise(promise, unit);
  if (!made) return undefined;
  let found: Timer | undefined;
  walkFunction(made.executor.body, (node) => {
    if (!found && ts.isCallExpression(node)) found = timerOf(node, unit, semantics.program);
  });
  return found?.kind === 'timeout' ? found : undefined;
}

/** `return new Promise(…)`, of a function that does nothing else. */
function returnedPromise({ body }: ts.FunctionLikeDeclaration): ts.NewExpression | undefined {
  if (!body) return undefined;
  const returned = ts.isBlock(body) ? onlyReturn(body) : body;
  const expression = returned && strip(returned);
  return expression && ts.isNewExpression(expression) ? expression : undefined;
}

function onlyReturn({ statements }: ts.Block): ts.Expression | undefined {
  const last = statements.at(-1);
  return statements.length === 1 && last && ts.isReturnStatement(last) ? last.expression : undefined;
}

/** The race whose competitor a timer is, when it is written in the race or in a `const` that only the race reads. */
export function raceAround(timer: Timer, races: readonly Race[]): Race | undefined {
  return races.find(({ deadlines }) => deadlines.some((it) => it.timer.call === timer.call && !it.through));
}

/** Whether the race's promise is waited for, so that its end is known. */
export function isAwaited(race: ts.CallExpression): boolean {
  return ts.isAwaitExpression(unstrip(race).parent);
}
