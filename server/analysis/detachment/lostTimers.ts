import ts from 'typescript';
import { isPartOfCommand } from '../contexts/handRun.ts';
import { decoratorsOf } from '../contexts/repeated.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Severity } from '../finding.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingClass, enclosingRoot, isRoot, some, strip, walkFunction } from '../syntax/tree.ts';
import { cancelledBeside } from './cancelled.ts';
import { isClearedBefore } from './clearedBefore.ts';
import { isClearedBeside } from './clearedBeside.ts';
import { constantOf } from './constants.ts';
import { type LeftDeadline, leftDeadline, settlesAlone } from './deadlines.ts';
import { type DeafWait, deafWait } from './deafWaits.ts';
import { isFrontEnd } from './frontEnd.ts';
import { type GiveUp, giveUpOf } from './giveUps.ts';
import { Handle } from './handles.ts';
import { isLeftBehind, weightOf } from './lingering.ts';
import { type MissedClear, missedClear } from './missedClear.ts';
import { isNeverGiven } from './neverGiven.ts';
import { livesOf } from './objectLives.ts';
import { obtainedTimer } from './obtainedTimers.ts';
import { runsOncePerHandle } from './onceEvents.ts';
import { isMadeByHost, isMadeOnce } from './onlyInstance.ts';
import { startsEnded, unreachedEnd } from './outOfReach.ts';
import { emptyEnd, isRestart, isSelf, type OutlivedEnd, outlivedEnd } from './ownerEnds.ts';
import { ownerAround } from './owners.ts';
import { comesByTurns } from './pairedEvents.ts';
import {
  endsWithProcess,
  exitsThen,
  isBeforeExit,
  isBeforeForcedExit,
  isOnlyAtEnd,
  isOnlyForTests,
} from './processEnds.ts';
import { type Deadline, type Race, raceAround } from './races.ts';
import { endOf, type Frequency, frequencyOf, isRepeated } from './repetition.ts';
import { reschedules } from './reschedules.ts';
import { endsByRestart, frequencyOfNew, onlyRestarts } from './restarts.ts';
import { type Resumed, resumedWait } from './resumes.ts';
import { runsWithoutProcess } from './runtimes.ts';
import { sitesOf } from './sites.ts';
import { type Superseded, supersededBy } from './superseded.ts';
import { callbackLiteral, type Timer } from './timers.ts';
import { goneRef, watchdogExit } from './watchdogs.ts';

/** Why a timer is lost. */
export type Loss =
  /** The race was won by the work, and the timer stays. */
  | { readonly kind: 'race'; readonly race: Race; readonly deadline: Deadline }
  /** Its promise was settled by something else, and the timer stays. */
  | ({ readonly kind: 'deadline' } & LeftDeadline)
  /** Cleared on some paths. */
  | ({ readonly kind: 'missed' } & MissedClear)
  /** An interval whose handle nobody keeps. */
  | { readonly kind: 'dropped'; readonly frequency: Frequency; readonly end: ts.Node | undefined }
  /** An interval in a property that nobody ever clears. */
  | { readonly kind: 'never'; readonly frequency: Frequency; readonly end: ts.Node | undefined }
  /** The handle of a running interval is written over. */
  | { readonly kind: 'overwritten'; readonly frequency: Frequency; readonly end: ts.Node | undefined }
  /** A timer that starts itself again on every path. */
  | { readonly kind: 'again'; readonly frequency: Frequency; readonly end: ts.Node | undefined }
  /** Its callback finds out that it is no longer needed, when it is too late to clear it. */
  | ({ readonly kind: 'superseded' } & Superseded)
  /** Nobody keeps the handle, and the work that it gives up is mostly over before. */
  | { readonly kind: 'givenUp'; readonly giveUp: GiveUp }
  /** No method that ends its owner clears it. */
  | ({ readonly kind: 'outlives' } & OutlivedEnd)
  /** A wait after which an object starts something, that ending the object does not end. */
  | ({ readonly kind: 'resumes' } & Resumed)
  /** A wait for an event or this timer, that no failure ends, and after which the code goes on. */
  | ({ readonly kind: 'deaf' } & DeafWait)
  /** It keeps a finished script alive, and fails it. */
  | { readonly kind: 'watchdog'; readonly exits: ts.Node }
  /** It reads what is gone with the component. */
  | { readonly kind: 'effect'; readonly reads: ts.Node };

export interface LostTimer {
  readonly timer: Timer;
  readonly loss: Loss;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly handle: Handle | undefined;
}

/** A deadline that is shorter hurts nobody. */
const shortest = 1000;
/** So long a program takes its time to end. */
const grace = 10_000;
/** One that is shorter is left behind, but not for long. */
const brief = 5000;

const known = new WeakMap<FileAnalysis, readonly LostTimer[]>();

/** The timers of a file that go on when nobody needs them any more. */
export function lostTimers(file: FileAnalysis): readonly LostTimer[] {
  let found = known.get(file);
  if (!found) {
    found = findLost(file).map((it) => weighed(it, file));
    known.set(file, found);
  }
  return found;
}

function weighed(it: LostTimer, file: FileAnalysis): LostTimer {
  const isNothing = isOverAnyway(it, file) || runsWithoutProcess(file, it.timer.call);
  const weight = isNothing ? 'none' : weightOf(it, file);
  if (weight === 'none') return { ...it, confidence: 'possible' };
  return weight === 'slight' ? { ...it, severity: 'info' } : it;
}

/** Whether the process ends with what the timer outlives. */
function isOverAnyway({ timer, loss }: LostTimer, { semantics }: FileAnalysis): boolean {
  const wait = loss.kind === 'race' ? loss.race.call : timer.call;
  if (timer.kind === 'timeout' && (isBeforeExit(wait) || exitsThen(wait))) return true;
  if (timer.kind === 'timeout' && isLeftBehind(loss) && isOnlyAtEnd(wait, semantics)) return true;
  const isShortly = timer.kind === 'timeout' && timer.delay !== undefined && timer.delay <= grace;
  if (isShortly && (loss.kind === 'race' || loss.kind === 'missed') && isBeforeForcedExit(wait, semantics)) return true;
  const end = 'end' in loss ? loss.end : undefined;
  const name = end && 'fn' in end ? end.name : end;
  return name !== undefined && (endsWithProcess(name, semantics) || isOnlyForTests(name, semantics));
}

function findLost(file: FileAnalysis): readonly LostTimer[] {
  const { unit, semantics } = file;
  const { timers, races, calls } = sitesOf(unit, semantics);
  const found: LostTimer[] = [];
  for (const timer of timers) {
    const loss = timer.kind === 'interval' ? lostInterval(timer, file) : lostTimeout(timer, file, races);
    const deaf = loss || isShort(timer.delay) || isFrontEnd(unit) ? undefined : deafWait(timer, file);
    if (loss) found.push(loss);
    else if (deaf) found.push(lost(timer, { kind: 'deaf', ...deaf }, 'info', 'likely'));
  }
  for (const call of calls) {
    const obtained = obtainedTimer(call, unit, semantics);
    if (obtained && !found.some(({ timer }) => timer.call === obtained.call)) {
      const handle = new Handle(obtained, unit, semantics);
      // The deadline of a promise runs on when its executor has returned: that is what it is for.
      const isDeadline = leftDeadline(obtained, handle, unit, semantics) !== 'none';
      const path = isDeadline ? undefined : missed(obtained, handle, file);
      if (path) found.push(path);
    }
    const resumed = resumedWait(call, file);
    if (resumed) found.push(lost(waitTimer(resumed), { kind: 'resumes', ...resumed }, 'warning', 'likely'));
  }
  for (const race of races) {
    for (const deadline of race.deadlines) {
      if (!deadline.through || isShort(deadlineDelay(deadline, semantics)) || isFrontEnd(unit)) continue;
      const { timer } = deadline;
      const delay = deadlineDelay(deadline, semantics);
      if (timer.keeping.by === 'nobody')
        found.push(lost({ ...timer, delay }, { kind: 'race', race, deadline }, 'warning', 'likely'));
    }
  }
  return found;
}

/** A wait is a timer whose handle nobody gets. */
function waitTimer({ wait, delay }: Resumed): Timer {
  return { call: wait, kind: 'timeout', callback: undefined, ownCallback: undefined, delay, keeping: { by: 'nobody' } };
}

function lostTimeout(timer: Timer, file: FileAnalysis, races: readonly Race[]): LostTimer | undefined {
  const { unit, semantics } = file;
  const { keeping } = timer;
  if (keeping.by === 'somebody' || keeping.by === 'nobody, unref') return undefined;
  const handle = keeping.by === 'nobody' ? undefined : new Handle(timer, unit, semantics);
  if (handle && (handle.escapes || handle.isUnref)) return undefined;
  const own = callbackLiteral(timer);
  const isUncleared = !handle || handle.clears.every(({ node }) => own && contains(own, node));
  const again = isUncleared ? reschedules(timer, semantics) : undefined;
  if (again) return endless(timer, 'again', file, timer.call, handle);
  const reads = goneRef(timer);
  if (reads) return lost(timer, { kind: 'effect', reads }, 'warning', 'likely');
  if (isShort(timer.delay)) return undefined;
  const outlived = handle
    ? (outlivedEnd(timer, handle) ?? cancelledBeside(timer, handle) ?? unreachedEnd(timer, handle, file))
    : (emptyEnd(timer) ?? startsEnded(timer, file));
  // In a page what only waits a moment, started anew each time, or is a method itself, fires once more, and that is all.
  const isDebounced = isFrontEnd(unit) && (!own || handle?.clears.every(({ node }) => isRestart(node, timer)));
  if (outlived && !isDebounced) return outliving(timer, outlived, handle, file);
  if (isFrontEnd(unit)) return undefined;
  const exits = watchdogExit(timer, unit);
  if (exits) return lost(timer, { kind: 'watchdog', exits }, 'warning', 'likely');
  const race = raceAround(timer, races);
  const deadline = race?.deadlines.find((it) => it.timer.call === timer.call);
  if (race && deadline && isUncleared)
    return lost(timer, { kind: 'race', race, deadline }, 'warning', 'proven', handle);
  const left = leftDeadline(timer, handle, unit, semantics);
  if (left === 'none') {
    // A promise that waits for its timer and nothing else is done with it when it is settled.
    const isOver = !race && settlesAlone(timer, unit);
    if (handle && !isUncleared && !isOver) return missed(timer, handle, file);
    const superseded = isUncleared ? supersededBy(timer, unit) : undefined;
    if (superseded) return lost(timer, { kind: 'superseded', ...superseded }, 'warning', 'likely', handle);
    const giveUp = isUncleared ? giveUpOf(timer, unit) : undefined;
    return giveUp && lost(timer, { kind: 'givenUp', giveUp }, 'warning', 'likely', handle);
  }
  return left === 'cleared' || isNeverGiven(timer, file)
    ? undefined
    : lost(timer, { kind: 'deadline', ...left }, 'warning', 'proven', handle);
}

function lostInterval(timer: Timer, file: FileAnalysis): LostTimer | undefined {
  const { keeping, call } = timer;
  if (keeping.by === 'somebody') return undefined;
  if (keeping.by === 'nobody, unref') {
    const frequency = frequencyOf(file, call);
    return isRepeated(frequency) ? endless(timer, 'dropped', file, call, undefined) : undefined;
  }
  if (keeping.by === 'nobody') return endless(timer, 'dropped', file, call, undefined);
  const handle = new Handle(timer, file.unit, file.semantics);
  if (handle.escapes) return undefined;
  if (handle.clears.length === 0 || (keeping.by === 'member' && onlyRestarts(timer, handle))) {
    if (handle.isUnref && !isRepeated(frequencyOf(file, call))) return undefined;
    if (isClearedBeside(timer, file) || endsByRestart(timer, handle, file.unit, file.semantics)) return undefined;
    if (keeping.by === 'name' && ts.isSourceFile(keeping.binding.scope.node)) return undefined;
    return endless(timer, 'never', file, call, handle);
  }
  if (handle.isUnref) return undefined;
  const outlived = outlivedEnd(timer, handle);
  if (outlived) return outliving(timer, outlived, handle, file);
  const left = leftDeadline(timer, handle, file.unit, file.semantics);
  if (typeof left === 'object') return lost(timer, { kind: 'deadline', ...left }, 'warning', 'proven', handle);
  const path = missed(timer, handle, file);
  if (path) return path;
  const frequency = frequencyOf(file, call);
  const isListener = isRepeated(frequency) && (frequency.times === 'event' || frequency.times === 'request');
  if (!isListener || !overwrites(timer, handle)) return undefined;
  if (runsOncePerHandle(enclosingRoot(call), keeping, file.unit) || isClearedBefore(frequency, timer, handle))
    return undefined;
  if (comesByTurns(frequency, timer, handle)) return undefined;
  // What runs over other functions, or in a page, mostly comes once, by turns, or after an end that stands elsewhere.
  const isDirect = frequency.hops.length < 2 && !isFrontEnd(file.unit);
  const confidence = isDirect ? 'likely' : 'possible';
  return lost(timer, { kind: 'overwritten', frequency, end: undefined }, 'warning', confidence, handle);
}

/**
 * A timer that goes on for ever, which is right where there is one of it for the whole process. One is more than that
 * where code runs again and again, and where its owner can be ended while the process lives on.
 */
function endless(
  timer: Timer,
  kind: 'dropped' | 'never' | 'again',
  file: FileAnalysis,
  node: ts.Node,
  handle: Handle | undefined,
): LostTimer | undefined {
  const runs = frequencyOf(file, node);
  if (runs === 'once') return undefined;
  const frequency = handle ? frequencyOfNew(runs, timer, handle) : runs;
  if (isRepeated(frequency)) return lost(timer, { kind, frequency, end: undefined }, 'warning', 'proven', handle);
  const end = endOf(timer.call) ?? ownerAround(timer.call)?.ends[0]?.name;
  const owner = enclosingClass(timer.call);
  const isInstance = owner ? !isStatic(timer.call, owner) : isKeptByThis(timer);
  // What another object keeps ends with that one.
  const isOwn = timer.keeping.by !== 'member' || isSelf(strip(timer.keeping.target.expression));
  const lives = owner && isOwn ? livesOf(owner, file, handle) : 'unknown';
  // A function that is never seen to run twice, beside others of which one is called like an end, makes one of it.
  const isOwned = owner !== undefined || ownerAround(timer.call) !== undefined || timer.keeping.by !== 'nobody';
  if (end && isOwned && !isFrontEnd(file.unit) && lives !== 'process')
    return lost(timer, { kind, frequency, end }, 'warning', endsProgram(timer) ? 'possible' : 'likely', handle);
  // Without an end of its own, what a command does goes on until the command ends.
  const isCommand = !end && isPartOfCommand(file.program.host, file.unit.path);
  const isOne =
    lives === 'process' ||
    file.contexts.rootComponents.contains(timer.call) ||
    (owner !== undefined && (isMadeOnce(owner, timer.call, file) || isMadeByHost(owner, file)));
  // One that is only started where there is none yet is as old as its object, which nothing ends.
  const isGuarded = !end && handle?.clears.length === 0 && isAskedBefore(timer, handle);
  const isNote = !isInstance || isFrontEnd(file.unit) || isOne || isCommand || isGuarded || endsProgram(timer);
  return lost(timer, { kind, frequency, end }, 'info', isNote ? 'possible' : 'likely', handle);
}

/** `if (!this.timer) this.timer = setInterval(…)`: whether the function asks for the handle before it starts the timer. */
function isAskedBefore({ call }: Timer, handle: Handle): boolean {
  const root = enclosingRoot(call);
  return handle.references.some(({ node, use }) => use.kind === 'look' && contains(root, node) && node.pos < call.pos);
}

/** A countdown to the end of the program, or of the machine. */
function endsProgram(timer: Timer): boolean {
  const own = callbackLiteral(timer);
  return (
    !!own &&
    some(
      own,
      (it) =>
        ts.isCallExpression(it) && /(?:^process\.exit|(?:^|\.)(?:reboot|relaunch))$/.test(it.expression.getText()),
    )
  );
}

/** `Client.prototype.start = function () { this.timer = … }` */
function isKeptByThis({ keeping }: Timer): boolean {
  return keeping.by === 'member' && keeping.target.expression.kind === ts.SyntaxKind.ThisKeyword;
}

function isStatic(node: ts.Node, owner: ts.ClassLikeDeclaration): boolean {
  return owner.members.some(
    (member) =>
      contains(member, node) &&
      ts.canHaveModifiers(member) &&
      ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword),
  );
}

function outliving(timer: Timer, outlived: OutlivedEnd, handle: Handle | undefined, file: FileAnalysis): LostTimer {
  const owner = enclosingClass(timer.call);
  // Of pages and of what has decorators, a framework ends what it makes.
  const isSeen = owner !== undefined && !isFrontEnd(file.unit) && decoratorsOf(owner).length === 0;
  const isForEver = isSeen && livesOf(owner, file, undefined) === 'process';
  const confidence = isForEver ? 'possible' : 'likely';
  return lost(timer, { kind: 'outlives', ...outlived }, outlived.asks ? 'info' : 'warning', confidence, handle);
}

/** Whether the handle belongs to something that outlives the function, which neither asks for it nor clears it before. */
function overwrites(timer: Timer, handle: Handle): boolean {
  const { keeping, call } = timer;
  const root = enclosingRoot(call);
  if (keeping.by === 'name' && contains(root, keeping.binding.scope.node)) return false;
  const before = handle.references.filter(({ node }) => contains(root, node) && node.pos < call.pos);
  if (before.some(({ use }) => use.kind === 'clear' || use.kind === 'look')) return false;
  // A new object has no timer yet.
  if (ts.isConstructorDeclaration(root) && keeping.by === 'member' && isSelf(strip(keeping.target.expression)))
    return false;
  if (keeping.by === 'member' && isMadeHere(keeping.target, root)) return false;
  let cleared = false;
  walkFunction(
    root.kind === ts.SyntaxKind.SourceFile ? root : ((root as ts.FunctionLikeDeclaration).body ?? root),
    (node) => {
      if (!cleared && ts.isCallExpression(node) && node.pos < call.pos) cleared = handle.isClearedBy(node);
    },
  );
  return !cleared;
}

/** `socket.timer = setInterval(…)` for a socket that the function itself received or made. */
function isMadeHere(target: ts.PropertyAccessExpression, root: ts.Node): boolean {
  const base = strip(target.expression);
  if (!ts.isIdentifier(base)) return false;
  const fn = isRoot(root) && !ts.isSourceFile(root) && !ts.isClassStaticBlockDeclaration(root) ? root : undefined;
  let declared = fn?.parameters.some(({ name }) => name.getText() === base.text) ?? false;
  walkFunction(fn?.body ?? root, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === base.text) declared = true;
  });
  return declared;
}

const isDeclaredIn = (root: ts.Node, scope: ts.Node): boolean =>
  !ts.isSourceFile(root) && (scope === root || contains(root, scope));

/** A path analysis needs the whole life of the handle in one function. */
function missed(timer: Timer, handle: Handle, { unit, semantics }: FileAnalysis): LostTimer | undefined {
  const root = semantics.graphs.rootOf(timer.call);
  const own = callbackLiteral(timer);
  // What a listener or another method clears, somebody has arranged for.
  const others = handle.clears.filter(({ node }) => !own || !contains(own, node));
  if (others.length === 0 || others.some(({ node }) => semantics.graphs.rootOf(node) !== root)) return undefined;
  // What is declared outside of the function may be cleared by whoever comes later, or is meant to run.
  const { keeping } = timer;
  if (keeping.by === 'name' ? !isDeclaredIn(root, keeping.binding.scope.node) : keeping.by !== 'member')
    return undefined;
  const path = missedClear(timer, handle, unit, semantics);
  if (!path) return undefined;
  const severity = timer.kind === 'interval' && !path.thrower ? 'error' : 'warning';
  return lost(timer, { kind: 'missed', ...path }, severity, 'proven', handle);
}

function lost(
  timer: Timer,
  loss: Loss,
  severity: Severity,
  confidence: Confidence,
  handle: Handle | undefined = undefined,
): LostTimer {
  const isBrief =
    timer.kind === 'timeout' && loss.kind !== 'effect' && timer.delay !== undefined && timer.delay < brief;
  return { timer, loss, severity: isBrief && severity === 'warning' ? 'info' : severity, confidence, handle };
}

const isShort = (delay: number | undefined): boolean => delay !== undefined && delay < shortest;

/** The wait of a race's deadline, which may be an argument of the function that makes it. */
export function deadlineDelay({ timer, through }: Deadline, semantics: Semantics): number | undefined {
  if (!through || timer.delay !== undefined) return timer.delay;
  return constantOf(through.arguments[0], semantics.program);
}
