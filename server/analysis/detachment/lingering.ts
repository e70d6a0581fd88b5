import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, enclosingClass, qualifiedName, strip, walk } from '../syntax/tree.ts';
import { givenDelay } from './givenDelays.ts';
import type { LostTimer } from './lostTimers.ts';
import { isMadeOnce } from './onlyInstance.ts';
import { frequencyOf, isRepeated } from './repetition.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** A timer that lasts less is over before anybody looks. */
const fleeting = 5000;
/** One that lasts no longer, stays after a failure only and does nothing then, troubles nobody either. */
const idle = 30_000;

/** Programs that are waited for, and that end when nothing is left to wait for. */
const program = /^#!|\bprocess\.(?:argv|stdin)\b/;

/**
 * Whether a timer that is left behind is over so soon, or is so rarely left and does so little, that only many of them
 * hurt, or one in a program that somebody waits for; and neither is to be seen.
 */
export function isFleeting({ timer, loss }: Pick<LostTimer, 'timer' | 'loss'>, file: FileAnalysis): boolean {
  if (timer.kind !== 'timeout' || !isLeftBehind(loss)) return false;
  const afterFailure = failsOnly(loss);
  const acts = doesMore(timer);
  // Another end of the promise leaves something to run into.
  if (afterFailure && acts && loss.kind === 'deadline') return false;
  const start = loss.kind === 'race' ? loss.race.call : timer.call;
  const piles = isRepeated(frequencyOf(file, start));
  if (!piles && isStartUp(start, file) && !program.test(file.unit.text)) return true;
  const delay = timer.delay ?? givenDelay(waitOf(timer, loss), file);
  if (delay === undefined || (afterFailure && !acts ? delay > idle : delay >= fleeting)) return false;
  return !program.test(file.unit.text) && !piles;
}

const starting = /^[_#]?(?:init(?:iali[sz]e)?|start(?:up)?|boot(?:strap)?|main|setup|launch)$/i;

/** Whether code belongs to the start of the program, or of an object of which there is one. */
function isStartUp(node: ts.Node, file: FileAnalysis): boolean {
  const name = qualifiedName(node).split('.').at(-1) ?? '';
  const owner = enclosingClass(node);
  return starting.test(name) && (!owner || isMadeOnce(owner, node, file));
}

function isLeftBehind({ kind }: LostTimer['loss']): boolean {
  return kind === 'race' || kind === 'deadline' || kind === 'missed' || kind === 'givenUp';
}

/** What says how long the timer lasts: the argument of the function that makes the promise, where one does. */
function waitOf(timer: Timer, loss: LostTimer['loss']): ts.Expression | undefined {
  const through = loss.kind === 'race' ? loss.deadline.through : undefined;
  return through ? through.arguments[0] : timer.call.arguments[1];
}

/** Whether the timer stays behind only when something fails. */
function failsOnly(loss: LostTimer['loss']): boolean {
  if (loss.kind === 'missed') return loss.thrower !== undefined;
  return loss.kind === 'deadline' && loss.failing;
}

/** What has no effect once the work is over: settling its promise again, aborting it again, writing that down. */
const idleCalls =
  /^(?:resolve|reject|res|rej|done|fail|abort|clearTimeout|log|debug|info|warn|error|trace|\w*(?:Error|Exception))$|^(?:_?(?:resolve|reject)\w*)$/;

/** Whether the callback does more than end work that is over when nobody clears it. */
function doesMore(timer: Timer): boolean {
  const body = callbackLiteral(timer)?.body;
  if (!body) return timer.callback !== undefined && !idleCalls.test(strip(timer.callback).getText());
  let found = false;
  walk(body, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    if (!idleCalls.test(calleeName(node)?.text ?? '')) found = true;
  });
  return found;
}
