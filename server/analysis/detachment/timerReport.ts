import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Fix, Message, Report, WitnessStep } from '../finding.ts';
import { enclosingClass, enclosingRoot, shortText } from '../syntax/tree.ts';
import { duration } from './constants.ts';
import { deadlineDelay, type Loss, type LostTimer } from './lostTimers.ts';
import { type Frequency, isRepeated } from './repetition.ts';
import { callToken, detachedReport, type Step } from './report.ts';
import type { Timer } from './timers.ts';

/** The report of a timer that goes on for nothing. */
export function timerReport(rule: string, file: FileAnalysis, lost: LostTimer, fixes: readonly Fix[]): Report {
  const { timer, loss } = lost;
  const through = loss.kind === 'race' ? loss.deadline.through : undefined;
  return detachedReport(file, {
    rule,
    node: through ?? timer.call,
    token: callToken(through ?? timer.call),
    severity: lost.severity,
    confidence: lost.confidence,
    message: messageOf(lost, file),
    kind: timer.kind === 'interval' ? 'interval' : 'timer',
    steps: stepsOf(timer, loss, through),
    fixes,
  });
}

function messageOf({ timer, loss }: LostTimer, file: FileAnalysis): Message {
  const time = timer.delay === undefined ? '' : ` of ${duration(timer.delay)}`;
  const every = timer.delay === undefined ? 'again and again' : `every ${duration(timer.delay)}`;
  switch (loss.kind) {
    case 'race': {
      const delay = deadlineDelay(loss.deadline, file.semantics);
      const rest = delay === undefined ? 'until it expires' : `for up to ${duration(delay)}`;
      return {
        what: 'the timer of this race is never cleared: it stays when the work wins',
        why: `after every race it runs on ${rest}, keeps the process alive and holds what its callback mentions`,
        remedy: 'keep the handle and call `clearTimeout()` in `finally`, or pass `AbortSignal.timeout()` to the work',
      };
    }
    case 'deadline':
      return {
        what: loss.cleared
          ? `this deadline${time} is not cleared when the promise is settled by \`${shortText(loss.settled.node.parent, 40)}\``
          : `this deadline${time} is never cleared: it stays when the promise is settled before`,
        why: 'the timer runs to its end, keeps the process alive and holds everything that its callback mentions',
        remedy: 'call `clearTimeout()` wherever the promise is settled',
      };
    case 'missed':
      return {
        what: `this ${timer.kind === 'interval' ? 'interval' : `timer${time}`} is not cleared ${whenOf(loss)}`,
        why:
          timer.kind === 'interval'
            ? `it runs ${every} for ever, with everything that its callback mentions`
            : 'it runs to its end, keeps the process alive and acts on work that is over',
        remedy: `call \`${clearName(timer)}()\` in a \`finally\` block`,
      };
    case 'dropped':
      return {
        what: 'nothing keeps the handle of this interval: nobody can ever stop it',
        why: `it runs ${every} as long as the process lives${heldBy(loss)}`,
        remedy: 'keep the handle and call `clearInterval()` when its owner ends',
      };
    case 'never':
      return {
        what: 'this interval is kept, but nothing ever clears it',
        why: `it runs ${every} as long as the process lives${heldBy(loss)}`,
        remedy: 'call `clearInterval()` when its owner ends',
      };
    case 'overwritten':
      return {
        what: `this interval is started ${eachOf(loss.frequency)}, over the handle of the one before`,
        why: `the one before can never be stopped, and runs ${every} for ever`,
        remedy: 'clear the old interval before a new one is started',
      };
    case 'again':
      return {
        what: 'this timer starts itself again on every path, and nothing keeps its handle',
        why: `it goes on ${every} as long as the process lives${heldBy(loss)}`,
        remedy: 'keep the handle and clear it, or check a stop flag or signal before it is started again',
      };
    case 'superseded':
      return {
        what:
          loss.by === 'flag'
            ? `this timer${time} is not cleared when \`${shortText(loss.flag, 30)}\` becomes true`
            : `this timer${time} is not cleared when the interval that it gives up has ended by itself`,
        why:
          loss.by === 'flag'
            ? 'its callback only finds out that it is superfluous; until then it keeps the process alive'
            : 'it runs to its end and does its work a second time',
        remedy: `keep the handle and call \`clearTimeout()\` where ${loss.by === 'flag' ? 'the flag is set' : 'the interval ends'}`,
      };
  }
}

function whenOf({ thrower }: Extract<Loss, { kind: 'missed' }>): string {
  if (!thrower) return 'on every path';
  const text = shortText(thrower.syntax, 40).replace(/;$/, '');
  return thrower.kind === 'throw' ? `at \`${text}\`` : `when \`${text}\` throws`;
}

interface Endless {
  readonly frequency: Frequency;
  readonly end: ts.Node | undefined;
}

function heldBy({ frequency, end }: Endless): string {
  if (isRepeated(frequency)) return `; one more is started ${eachOf(frequency)}`;
  return end ? `, also after \`${end.getText()}\`` : ', with all that its callback mentions';
}

function eachOf(frequency: Frequency): string {
  return isRepeated(frequency) ? `with every ${frequency.each}` : 'again';
}

function clearName({ kind }: Timer): string {
  return kind === 'interval' ? 'clearInterval' : 'clearTimeout';
}

function stepsOf(timer: Timer, loss: Loss, through: ts.CallExpression | undefined): readonly (Step | WitnessStep)[] {
  const start: Step = { node: callToken(timer.call), label: 'the timer is started here' };
  switch (loss.kind) {
    case 'race':
      return [
        ...(through ? [{ node: callToken(through), label: 'a promise that only time settles' }] : []),
        start,
        { node: loss.race.work[0] as ts.Node, label: 'when this wins, the timer goes on' },
      ];
    case 'deadline':
      return [
        start,
        ...(loss.cleared ? [{ node: loss.cleared.parent, label: 'cleared here' }] : []),
        { node: loss.settled.node, label: 'settles the promise and leaves the timer running' },
      ];
    case 'missed':
      return [
        start,
        ...(loss.thrower ? [{ node: loss.thrower.syntax, label: 'throws' }] : []),
        ...(loss.thrower ? [] : [{ node: loss.exit, label: 'leaves here, the timer still running' }]),
      ];
    case 'dropped':
    case 'never':
    case 'overwritten':
    case 'again': {
      return [start, ...ownerSteps(timer, loss)];
    }
    case 'superseded':
      return [
        start,
        { node: loss.set, label: 'superfluous from here on' },
        { node: loss.flag, label: loss.by === 'flag' ? 'found out only when it fires' : 'done again when it fires' },
      ];
  }
}

function ownerSteps({ call }: Timer, { frequency, end }: Endless): readonly (Step | WitnessStep)[] {
  if (end) return [{ node: end, label: 'its owner ends here, and the timer goes on' }];
  if (isRepeated(frequency) && frequency.steps.length > 0) return frequency.steps;
  const owner = enclosingClass(call);
  if (owner?.name) return [{ node: owner.name, label: `one more for every \`${owner.name.text}\`` }];
  const fn = enclosingRoot(call);
  return ts.isSourceFile(fn) ? [] : [{ node: fn, label: 'one more with every call' }];
}
