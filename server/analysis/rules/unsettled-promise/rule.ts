import ts from 'typescript';
import { placeOf } from '../../contexts/platform.ts';
import { isBoundedByWaiters } from '../../detachment/boundedWaits.ts';
import { isFrontEnd } from '../../detachment/frontEnd.ts';
import { outlivesRejections } from '../../detachment/outlivedRejections.ts';
import { isFatalAtEnd } from '../../detachment/processEnds.ts';
import { frequencyOf } from '../../detachment/repetition.ts';
import { detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { madeInPage } from '../../detachment/soleEvent.ts';
import { isUnawaited } from '../../detachment/unawaited.ts';
import { type Cause, type Unsettled, whyUnsettled } from '../../detachment/unsettled.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
import { calleeName, enclosingRoot, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unsettledPromise: Rule = {
  id: 'unsettled-promise',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a promise that stays pending for ever when something fails',
  patterns: ['D12'],
  triggers: ['new Promise'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const { unit, semantics } = file;
    for (const promise of sitesOf(unit, semantics).promises) {
      const found = whyUnsettled(promise, unit, semantics);
      if (!found || isBoundedByWaiters(promise.node, semantics)) continue;
      const { cause } = found;
      const isFatal = isUnhandled(cause) && !isFrontEnd(unit) && !outlivesRejections(unit, semantics);
      report(
        detachedReport(file, {
          rule: 'unsettled-promise',
          node: promise.node,
          // Where the failure of other work is not heard, that is the place to mend.
          token: cause.kind === 'unheard' && !cause.swallowed ? cause.failure : promise.node.expression,
          severity: isFatal ? 'info' : 'warning',
          confidence:
            (isFatal && !cause.isRejectedElsewhere) ||
            isUnheardInPage(cause, file) ||
            endsStart(found, file) ||
            endsCommand(cause, file) ||
            isOfPage(found) ||
            isIdle(found, file)
              ? 'possible'
              : found.confidence,
          message: isFatal ? fatal(cause.failure) : messageOf(cause),
          kind: 'promise',
          fixes: fixes(file, found),
          steps: [
            { node: promise.node.expression, label: 'the promise is made here' },
            ...(cause.kind !== 'event'
              ? [
                  { node: cause.settled.node, label: 'settled here' },
                  {
                    node: cause.failure,
                    label: `when this ${isNotice(cause.failure) ? 'is set' : 'fails'}, nothing settles it`,
                  },
                  ...(cause.kind === 'unheard' && cause.swallowed
                    ? [{ node: cause.swallowed, label: 'the failure ends here' }]
                    : []),
                ]
              : [
                  { node: cause.registration, label: `only \`${cause.event}\` settles it` },
                  ...(cause.ignored
                    ? [{ node: cause.ignored, label: 'the failure is noticed here, but does not settle it' }]
                    : []),
                ]),
          ],
        }),
      );
    }
  },
};

type Unhandled = Extract<Cause, { kind: 'unheard' }> & { readonly swallowed: undefined };

/** `work().then(resolve)`: the failure is a rejection that nobody handles. */
function isUnhandled(cause: Cause): cause is Unhandled {
  return cause.kind === 'unheard' && !cause.swallowed;
}

/** An `error` that nobody hears ends a program that is about to start. */
function endsStart({ cause, promise }: Unsettled, file: FileAnalysis): boolean {
  return cause.kind === 'event' && !cause.ignored && frequencyOf(file, promise.node) === 'once';
}

/** An `error` that nobody hears ends a command, and so does having nothing left to wait for. */
function endsCommand(cause: Cause, file: FileAnalysis): boolean {
  const isCommand = (): boolean => /^(?:command|script)$/.test(placeOf(file));
  return cause.kind === 'event' && !cause.ignored && isCommand();
}

/** A picture that cannot be shown, a file of the page that cannot be read: what waits for it is let go of with the page. */
function isOfPage({ cause, promise }: Unsettled): boolean {
  if (cause.kind !== 'event' || cause.ignored) return false;
  const made = madeInPage(cause.object, enclosingRoot(promise.node));
  return made === 'image' || made === 'reader';
}

/** A page tells of a rejection that nobody handles, and lets go of what waited when the user moves on. */
const isUnheardInPage = (cause: Cause, { unit }: FileAnalysis): boolean => isUnhandled(cause) && isFrontEnd(unit);

/** Nobody waits for it, or the failure ends a process that was about to end. */
function isIdle({ cause, promise }: Unsettled, { semantics }: FileAnalysis): boolean {
  if (isUnawaited(promise, semantics)) return true;
  return isUnhandled(cause) && isFatalAtEnd(cause.failure, semantics);
}

function fatal(failure: ts.Node): Message {
  return {
    what: `when \`${shortText(failure, 40)}\` fails, nobody handles the rejection, and this promise stays pending`,
    why: 'such a rejection ends the process; under a listener for `unhandledRejection`, whoever awaits the promise waits for ever',
    remedy: 'add a `.catch()` that rejects the promise, so that whoever awaits it hears of the failure',
  };
}

/** An error that a callback got: it does not fail, something has. */
const isNotice = (failure: ts.Node): boolean => ts.isIdentifier(failure);

/** `script.onload = …`, `script.addEventListener('load', …)`: an error that nobody hears of ends nothing there. */
const isOfElement = (registration: ts.Node): boolean =>
  ts.isBinaryExpression(registration) ||
  (ts.isCallExpression(registration) && calleeName(registration)?.text === 'addEventListener');

const why = 'whoever awaits it waits for ever, with everything that the waiting function holds';

function messageOf(cause: Cause): Message {
  if (cause.kind !== 'event') {
    return {
      what: `nothing settles this promise when \`${shortText(cause.failure, 40)}\` ${isNotice(cause.failure) ? 'is set' : 'fails'}`,
      why,
      remedy:
        cause.kind === 'unheard'
          ? 'add a `.catch()` that rejects the promise'
          : 'call `reject()` where the failure is handled',
    };
  }
  if (isOfElement(cause.registration)) {
    return {
      what: `this promise is settled by \`${cause.event}\` only, which does not come after an \`error\``,
      why,
      remedy: 'reject it on `error`, too',
    };
  }
  return {
    what: `this promise is settled by \`${cause.event}\` only, which does not come after an error or a close`,
    why: cause.ignored ? why : `unless an \`error\` that nobody hears ends the process, ${why}`,
    remedy: 'settle it on `error` and `close`, too, or wait with `events.once()` and a signal',
  };
}
