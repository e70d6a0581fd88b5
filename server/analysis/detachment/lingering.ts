import ts from 'typescript';
import { exitsWhenDone } from '../contexts/exitingCommands.ts';
import { isPartOfCommand } from '../contexts/handRun.ts';
import { pathsBeside } from '../contexts/importers.ts';
import { platformOf } from '../contexts/platform.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { shortWait } from '../resources/abortable.ts';
import { isOffered } from '../semantics/exposure.ts';
import {
  calleeName,
  contains,
  enclosingClass,
  isAssignment,
  isFunctionLiteral,
  qualifiedName,
  receiver,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { givenDelay } from './givenDelays.ts';
import type { LostTimer } from './lostTimers.ts';
import { isMadeOnce } from './onlyInstance.ts';
import { type Frequency, frequencyOf, isRepeated } from './repetition.ts';
import { staysUp } from './staysUp.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** Of timers that do nothing any more and last no longer, not even many hurt. */
const momentary = 1000;
/** So many seconds of timers hurt nobody, however many requests there are. */
const slight = 10_000;
/** One that lasts no longer, and does nothing any more, is at most a delay. */
const idle = 30_000;

/** Programs that are waited for, and that end when nothing is left to wait for. */
const program = /^#!|\bprocess\.(?:argv|stdin)\b/;

/** How much a timer that is left behind weighs: nobody would mend it; worth a note; worth a warning. */
export type Weight = 'none' | 'slight' | 'full';

/**
 * Whether a timer that is left behind is over so soon, or is so rarely left and does so little, that only many of them
 * hurt, or one in a program that somebody waits for; and whether one of these is to be seen.
 */
export function weightOf(lost: Pick<LostTimer, 'timer' | 'loss'>, file: FileAnalysis): Weight {
  const weight = ownWeight(lost, file);
  if (lost.timer.kind !== 'timeout' || !isLeftBehind(lost.loss) || weight === 'none') return weight;
  // A command ends, and so do its timers: with `process.exit()`, or when the last of them has fired.
  if (exitsWhenDone(file)) return 'none';
  const platform = platformOf(file);
  // In a page no process waits for it.
  if (platform === 'browser' && file.program.host.environment(file.unit.path).platform === 'browser') return 'none';
  return platform === 'command' ? 'slight' : weight;
}

/** Whether a short timer adds up, one for each request, or makes somebody wait for the end of a program. */
const isFelt = (delay: number, isProgram: boolean, frequency: Frequency): boolean =>
  delay > momentary && (isProgram || (typeof frequency === 'object' && frequency.times === 'request'));

function ownWeight(lost: Pick<LostTimer, 'timer' | 'loss'>, file: FileAnalysis): Weight {
  const { timer, loss } = lost;
  // Beside an editor that stays open, one that outlives its owner is soon over.
  if (loss.kind === 'outlives' && isSoonOver(timer) && isExtension(file)) return 'none';
  if (timer.kind !== 'timeout' || !isLeftBehind(loss)) return 'full';
  const afterFailure = failsOnly(loss);
  const acts = doesMore(timer, afterFailure, file);
  // Another end of the promise leaves something to run into.
  if (afterFailure && acts && loss.kind === 'deadline') return isCollecting(timer, loss) ? 'slight' : 'full';
  const start = loss.kind === 'race' ? loss.race.call : timer.call;
  const frequency = frequencyOf(file, start);
  const isProgram = program.test(file.unit.text);
  const piles = isRepeated(frequency);
  if (!piles && !isProgram && isStartUp(start, file)) return 'none';
  const delay = timer.delay ?? givenDelay(waitOf(timer, loss), file);
  if (!acts && delay !== undefined && delay < shortWait && !isFelt(delay, isProgram, frequency)) return 'none';
  const isOver = delay !== undefined && (afterFailure && !acts ? delay <= idle : delay < shortWait);
  if (!isProgram && !acts && delay !== undefined && delay <= slight && isFirstTime(start)) return 'none';
  if (isOver && !isProgram && !piles) return 'none';
  // A command that fails is over.
  if (afterFailure && delay !== undefined && delay <= (acts ? slight : idle) && failsAtOnce(file, loss, isProgram))
    return 'none';
  if (acts || (delay !== undefined && delay > idle)) return 'full';
  if (piles) {
    const isOften = frequency.times === 'request' || frequency.times === 'event' || frequency.times === 'loop';
    return isOften && (delay === undefined || (delay >= idle && !afterFailure)) ? 'full' : 'slight';
  }
  // A server goes on; a library may be part of a command, and so may what does not tell where it runs.
  const isHeldUp = isProgram || platformOf(file) === 'command' || isOfPackage(file) || !staysUp(file);
  return isHeldUp || delay === undefined ? 'slight' : 'none';
}

/** Whether a failure ends the command that the file is a part of: one that somebody waits for has to exit. */
function failsAtOnce(file: FileAnalysis, { kind }: LostTimer['loss'], isProgram: boolean): boolean {
  const { host } = file.program;
  const { path, text } = file.unit;
  const isCommand = platformOf(file) === 'command';
  // What throws in the middle is mostly caught near by, and the command goes on.
  if (!isProgram || kind !== 'deadline' || !(isCommand || isPartOfCommand(host, path))) return isCommand && !isProgram;
  return (
    exiting.test(text) || (pathsBeside(host, path, 'exit')?.some((it) => exiting.test(host.read(it) ?? '')) ?? false)
  );
}

/** Where a failure is written down, and the process ended. */
const exiting = /(?:\bcatch\b|\.then\(|[eE]rr(?:or)?\b)[^;]{0,40}[\s\S]{0,1500}?\bprocess\.exit\((?:1|-1)\)/;

/** Whether others may install the file as a part of a package. */
function isOfPackage({ program: { host }, semantics, unit }: FileAnalysis): boolean {
  return (host.entries(unit.path)?.length ?? 0) > 0 && isOffered(semantics.program, unit);
}

/** `if (!cache.link) { cache.link = connect(); … }`: left behind once for all that use what is made there. */
function isFirstTime(start: ts.Node): boolean {
  for (let current = start; !ts.isSourceFile(current); current = current.parent) {
    const { parent } = current;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== current) continue;
    const asked = strip(parent.expression);
    if (!ts.isPrefixUnaryExpression(asked) || asked.operator !== ts.SyntaxKind.ExclamationToken) continue;
    const kept = strip(asked.operand).getText();
    const isKept = (node: ts.Node): boolean =>
      ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && node.left.getText() === kept;
    if (some(current, isKept) && !ts.isIdentifier(strip(asked.operand))) return true;
  }
  return false;
}

const isSoonOver = ({ kind, delay }: Timer): boolean => kind === 'timeout' && delay !== undefined && delay <= shortWait;

const isExtension = ({ program: { host }, unit }: FileAnalysis): boolean =>
  host.environment(unit.path).role === 'extension';

const starting = /^[_#]?(?:init(?:iali[sz]e)?|start(?:up)?|boot(?:strap)?|main|setup|launch)$/i;

/** Whether code belongs to the start of the program, or of an object of which there is one. */
function isStartUp(node: ts.Node, file: FileAnalysis): boolean {
  const name = qualifiedName(node).split('.').at(-1) ?? '';
  const owner = enclosingClass(node);
  return starting.test(name) && (!owner || isMadeOnce(owner, node, file));
}

/** Whether a timer is left to run when the work that it is about is over, or its promise is settled. */
export function isLeftBehind({ kind }: LostTimer['loss']): boolean {
  return kind === 'race' || kind === 'deadline' || kind === 'missed' || kind === 'givenUp';
}

/** What says how long the timer lasts: the argument of the function that makes the promise, where one does. */
function waitOf(timer: Timer, loss: LostTimer['loss']): ts.Expression | undefined {
  const through = loss.kind === 'race' ? loss.deadline.through : undefined;
  return through ? through.arguments[0] : timer.call.arguments[1];
}

/** Whether the timer is how its promise mostly ends: it collects for a while, and a failure only ends that early. */
function isCollecting(timer: Timer, loss: LostTimer['loss'] & { readonly kind: 'deadline' }): boolean {
  const { resolve } = loss.promise;
  const own = callbackLiteral(timer);
  const isShort = timer.delay === undefined || timer.delay <= slight;
  return isShort && own !== undefined && resolve?.references.some((it) => contains(own, it)) === true;
}

/** Whether the timer stays behind only when something fails. */
function failsOnly(loss: LostTimer['loss']): boolean {
  if (loss.kind === 'missed') return loss.thrower !== undefined;
  return loss.kind === 'deadline' && loss.failing;
}

/** What has no effect once the work is over: settling its promise again, aborting it again, removing what is removed. */
const idleCalls =
  /^(?:resolve|reject|res|rej|done|fail|abort|off|remove\w*Listeners?|clearTimeout|clearInterval|\w*(?:Error|Exception))$|^(?:_?(?:resolve|reject)\w*)$/;
/** To write down that time is over, which is false, matters where all went well. */
const writing = /^(?:log|debug|info|warn|error|trace)$/;
/** The same, of which the arguments are made for nothing, too. */
const settling = /^_?(?:resolve|reject)\w*$|^(?:res|rej)$/;

/** `reject` of `reject.bind(null, new Error('late'))`. */
function boundBy(callback: ts.Expression): string | undefined {
  const isBound = ts.isCallExpression(callback) && calleeName(callback)?.text === 'bind';
  return isBound ? receiver(callback)?.getText() : undefined;
}

/** What the executors around a timer call the means to settle their promises: `new Promise((_, r) => …)`. */
function settlersAround(start: ts.Node): readonly string[] {
  const names: string[] = [];
  for (let current = start; !ts.isSourceFile(current); current = current.parent) {
    const promise = isFunctionLiteral(current) ? unstrip(current).parent : undefined;
    if (isFunctionLiteral(current) && promise && ts.isNewExpression(promise) && calleeName(promise)?.text === 'Promise')
      names.push(...current.parameters.map(({ name }) => name.getText()));
  }
  return names;
}

/** Whether the callback does more than end work that is over when nobody clears it. */
function doesMore(timer: Timer, afterFailure: boolean, { semantics }: FileAnalysis): boolean {
  const settlers = settlersAround(timer.call);
  const isIdle = (name: string): boolean =>
    idleCalls.test(name) || settlers.includes(name) || (afterFailure && writing.test(name));
  const named = timer.callback && strip(timer.callback);
  const isNamed = named && ts.isIdentifier(named) && !isIdle(named.text);
  const body = callbackLiteral(timer)?.body ?? (isNamed ? semantics.targets.functionOf(named)?.body : undefined);
  if (!body) return named !== undefined && !isIdle(boundBy(named) ?? named.getText());
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = calleeName(node)?.text ?? '';
      found = !isIdle(name);
      if (settling.test(name) || settlers.includes(name)) return;
    }
    // What others hold is told that time is over, though it is not.
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      found ||= ts.isPropertyAccessExpression(strip(node.left)) || ts.isElementAccessExpression(strip(node.left));
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
