import ts from 'typescript';
import { mayThrow } from '../controlFlow/nonThrowing.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence } from '../finding.ts';
import { longWait } from '../resources/abortable.ts';
import { contains, isFunctionLiteral, isRoot, strip, walk } from '../syntax/tree.ts';
import { custodyOf } from './detachment.ts';
import { isLasting, type LongWait, longestWait } from './durations.ts';
import { withoutRaceSignals } from './raceSignals.ts';
import { type Frequency, frequencyOf, isRepeated } from './repetition.ts';

/** Work that was started and let go, that lasts long, and that nobody can abort. */
export interface LooseTask {
  readonly call: ts.CallExpression;
  readonly wait: LongWait;
  readonly reported: boolean;
  readonly frequency: Frequency;
  readonly confidence: Confidence;
}

/** What a task can hear of: a signal, a cancellation token, a flag that others set. Other tokens are counted or shown. */
const stoppable = /signal|abort|cancel|throwIfRequested|stopped|\bclosed\b|writableEnded|destroyed/i;

const hearsOfEnd = (work: ts.Node): boolean => stoppable.test(withoutRaceSignals(work.getText()));

/** The task that a call starts and lets go. */
export function looseTask(call: ts.CallExpression, file: FileAnalysis): LooseTask | undefined {
  const custody = custodyOf(call);
  if (custody.kind !== 'detached') return undefined;
  const work = workOf(call, file);
  if (!work || call.arguments.some((argument) => stoppable.test(argument.getText()))) return undefined;
  if (callsBack(work, file)) return undefined;
  const wait = longestWait(work, file.semantics);
  if (!wait || wait.ms < longWait || hearsOfEnd(work)) return undefined;
  // A loop without an end has a rule of its own.
  if (wait.ms === Number.POSITIVE_INFINITY) return undefined;
  const frequency = frequencyOf(file, call);
  if (frequency === 'once') return undefined;
  return {
    call,
    wait,
    reported: custody.reported,
    frequency,
    // A minute is the time that people give to work that they know to end.
    confidence: isRepeated(frequency) && wait.ms > longWait ? 'proven' : 'possible',
  };
}

/** The async code that a call runs: the function that it names, or the literal that is called. */
function workOf(call: ts.CallExpression, { semantics }: FileAnalysis): ts.Node | undefined {
  const callee = strip(call.expression);
  if (isFunctionLiteral(callee)) return callee;
  const link = ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
  // `Promise.race([…]).then(…)`: the links are no work of their own.
  if (
    link &&
    ts.isCallExpression(link) &&
    /^(?:then|catch|finally)$/.test((callee as ts.PropertyAccessExpression).name.text)
  )
    return undefined;
  // What cannot even fail is no work: `list.push(…)`.
  return mayThrow(call) ? semantics.targets.resolve(call, isLasting)?.function : undefined;
}

/** `async (row) => { await send(row); done(); }` with the `done` of a function around: whoever gave it waits. */
function callsBack(work: ts.Node, { unit }: FileAnalysis): boolean {
  let found = false;
  walk(work, (node) => {
    if (found || !ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    const declared = unit.scopes.bindingOf(node.expression)?.declarations[0]?.parent;
    found =
      declared !== undefined &&
      ts.isParameter(declared) &&
      !contains(work, declared) &&
      contains(declared.parent, work) &&
      /^(?:cb|callback|done|next|resolve|reject|unlock|release|finish(?:ed)?)$/i.test(node.expression.text);
  });
  return found;
}

/** A task whose only work is to wait for other work that was started before. */
export interface DoubleSpawn {
  readonly call: ts.CallExpression;
  /** Where it waits. */
  readonly waits: ts.Node;
  /** The work, where it was started. */
  readonly work: ts.Node;
  readonly wait: LongWait;
  readonly ofSet: boolean;
  readonly confidence: Confidence;
}

/** `void (async () => { try { await task; } catch (error) { log(error); } })()` around long work that nobody can abort. */
export function doubleSpawn(call: ts.CallExpression, file: FileAnalysis): DoubleSpawn | undefined {
  const literal = strip(call.expression);
  if (!isFunctionLiteral(literal) || custodyOf(call).kind !== 'detached' || !ts.isBlock(literal.body)) return undefined;
  const waited = soleWait(literal.body, literal);
  if (!waited) return undefined;
  const spawned = spawnedBy(waited, file);
  if (!spawned) return undefined;
  const work = workOf(spawned.call, file);
  const wait = work && longestWait(work, file.semantics);
  if (!work || !wait || wait.ms < longWait || hearsOfEnd(work)) return undefined;
  if (spawned.call.arguments.some((argument) => stoppable.test(argument.getText()))) return undefined;
  const confidence = isRepeated(frequencyOf(file, call)) ? 'proven' : 'likely';
  return { call, waits: waited, work: spawned.call, wait, ofSet: spawned.ofSet, confidence };
}

/** The name that a body waits for, when all else it does is to write about it. */
function soleWait(body: ts.Block, literal: ts.Node): ts.Identifier | undefined {
  let waited: ts.Identifier | undefined;
  let others = 0;
  walk(body, (node) => {
    if (!ts.isAwaitExpression(node)) return;
    const name = nameIn(node.expression);
    if (name && (!waited || waited.text === name.text)) waited = name;
    else others += 1;
  });
  if (!waited || others > 0) return undefined;
  let works = false;
  walk(body, (node) => {
    if (isRoot(node) && node !== literal) works = true;
    if (ts.isCallExpression(node) && !isLogging(node) && !nameIn(node)) works = true;
  });
  return works ? undefined : waited;
}

/** `task`, `Promise.race(tasks)`, `Promise.all([task])`, `tasks.next()`. */
function nameIn(node: ts.Expression): ts.Identifier | undefined {
  const expression = strip(node);
  if (ts.isIdentifier(expression)) return expression;
  if (!ts.isCallExpression(expression)) return undefined;
  const callee = strip(expression.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  if (callee.expression.getText() === 'Promise') {
    const [argument] = expression.arguments;
    const list = argument && strip(argument);
    if (list && ts.isArrayLiteralExpression(list))
      return list.elements.length === 1 && list.elements[0] ? nameIn(list.elements[0]) : undefined;
    return list && nameIn(list);
  }
  const isMember = /^(?:delete|next|join|values|shift|pop|clear)$/.test(callee.name.text);
  return isMember ? nameIn(callee.expression) : undefined;
}

const logger =
  /^(?:console|log|logger|debug|\w*\.log(?:ger)?|this\.#?log(?:ger)?)\b|(?:log|debug|info|warn|error|trace)$/i;

function isLogging({ expression }: ts.CallExpression): boolean {
  return logger.test(expression.getText());
}

/** The call behind a name: of a promise, or of the only one in a local collection. */
function spawnedBy(
  name: ts.Identifier,
  file: FileAnalysis,
): { readonly call: ts.CallExpression; readonly ofSet: boolean } | undefined {
  const binding = file.unit.scopes.bindingOf(name);
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return ts.isIdentifier(loop.expression) ? spawnedBy(loop.expression, file) : undefined;
  if (!declaration.initializer) return undefined;
  const initial = strip(declaration.initializer);
  if (ts.isCallExpression(initial)) return { call: initial, ofSet: false };
  const elements = ts.isArrayLiteralExpression(initial) ? [...initial.elements] : [];
  for (const { parent } of binding.references) {
    if (!ts.isPropertyAccessExpression(parent) || !/^(?:add|push|spawn)$/.test(parent.name.text)) continue;
    if (ts.isCallExpression(parent.parent)) elements.push(...parent.parent.arguments);
  }
  const [only] = elements;
  const call = only && strip(only);
  const isCollection = ts.isArrayLiteralExpression(initial) || ts.isNewExpression(initial);
  return isCollection && elements.length === 1 && call && ts.isCallExpression(call) ? { call, ofSet: true } : undefined;
}
