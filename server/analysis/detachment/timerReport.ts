import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Fix, Message, Report, WitnessStep } from '../finding.ts';
import { enclosingClass, enclosingRoot, shortText } from '../syntax/tree.ts';
import { duration } from './constants.ts';
import { statedDelay } from './givenDelays.ts';
import type { GiveUp } from './giveUps.ts';
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
  const lasts = statedDelay(timer, file);
  const time = lasts === undefined ? '' : ` of ${duration(lasts)}`;
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
      if (timer.kind === 'interval') {
        return {
          what: `this interval goes on when the promise is settled by \`${shortText(loss.settled.node.parent, 40)}\``,
          why: `it runs ${every} for ever, with everything that its callback mentions`,
          remedy: 'call `clearInterval()` wherever the promise is settled',
        };
      }
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
    case 'givenUp':
      return {
        what: givenUpWhat(loss.giveUp, time),
        why: 'it runs to its end, keeps the process alive and holds everything that its callback mentions',
        remedy:
          loss.giveUp.by === 'abort'
            ? 'use `AbortSignal.timeout()`, or keep the handle and call `clearTimeout()` in `finally`'
            : 'keep the handle and call `clearTimeout()` when the work is over',
      };
    case 'outlives':
      return {
        what: `\`${loss.end.name.getText()}\` does not clear this ${timer.kind === 'interval' ? 'interval' : `timer${time}`}`,
        why: loss.asks
          ? 'it keeps the process alive until it fires and finds out'
          : `it keeps the process alive and runs \`${shortText(loss.acts, 40)}\` on an object that has ended`,
        remedy: `call \`${clearName(timer)}()\` in \`${loss.end.name.getText()}\`, too`,
      };
    case 'resumes':
      return {
        what: `\`${loss.end.name.getText()}\` cannot end this wait${time}`,
        why: `after it \`${shortText(loss.starts, 40)}\` starts on an object that may have ended meanwhile, and nobody stops it again`,
        remedy: `wait with a signal that \`${loss.end.name.getText()}\` aborts, and ask it before going on`,
      };
    case 'deaf':
      return {
        what: `this wait${time} goes on when \`${loss.awaited.object}\` fails: only \`${loss.awaited.event}\` ends it before its time`,
        why: `then \`${shortText(loss.goesOn, 40)}\` works with something that is over, as if it were still there`,
        remedy:
          'end the wait on `error` and `close`, too, clear the timer there, and go on only when it is still there',
      };
    case 'watchdog':
      return {
        what: `this timer${time} keeps the script alive when it has finished, and then fails it`,
        why: `nothing clears it, so a run that was over in time still ends in \`${shortText(loss.exits, 30)}\``,
        remedy: 'call `.unref()` on it, or clear it at the end of the script',
      };
    case 'effect':
      return {
        what: 'nothing clears this timer when the component is gone',
        why: `then \`${shortText((loss.reads as ts.PropertyAccessExpression).expression, 40)}\` is \`null\`, and the callback throws`,
        remedy: 'return a function from the effect that calls `clearTimeout()`',
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

function givenUpWhat({ by, evidence }: GiveUp, time: string): string {
  switch (by) {
    case 'guard':
      return `this timer${time} only asks \`${shortText(evidence, 40)}\` when it fires: nothing clears it when the work is over`;
    case 'deadline':
      return `nothing keeps the handle of this deadline${time}: it stays when the work is over in time`;
    case 'flag':
      return `this timer${time} only sets a flag for this function, and stays when the function has ended`;
    case 'abort':
      return `nothing keeps the handle of this deadline${time}: it stays when the work is over in time`;
  }
}

const givenUpLabels = {
  guard: 'found out only when it fires',
  deadline: 'gives up work that may long be over',
  flag: 'only asked while the function runs',
  abort: 'the work that it aborts, waited for here',
} as const;

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
    case 'givenUp':
      return [start, { node: loss.giveUp.evidence, label: givenUpLabels[loss.giveUp.by] }];
    case 'outlives':
      return [
        start,
        ...(loss.cleared ? [{ node: loss.cleared.parent, label: 'cleared here' }] : []),
        { node: loss.end.name, label: 'its owner ends here, and the timer goes on' },
        { node: loss.acts, label: 'acts on the ended object' },
      ];
    case 'resumes':
      return [
        { node: timer.call, label: 'waits here' },
        { node: loss.end.name, label: 'its owner may end meanwhile' },
        { node: loss.starts, label: 'starts again on the ended object' },
      ];
    case 'deaf':
      return [
        start,
        { node: loss.awaited.node, label: 'the only event that ends the wait before' },
        { node: loss.goesOn, label: 'goes on with what may be over' },
      ];
    case 'watchdog':
      return [start, { node: loss.exits, label: 'fails the script that has finished' }];
    case 'effect':
      return [start, { node: loss.reads, label: 'reads what is gone with the component' }];
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
