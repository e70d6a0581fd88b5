import ts from 'typescript';
import { isAbortListener } from '../../contexts/abortSignals.ts';
import { eventText, type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { removedBy } from '../../contexts/removals.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import { type Lived, type Settler, settlersOf, type Wait, waitsOnLongLived } from '../../contexts/waits.ts';
import { isOfWait, listensOn, otherWay, waitsForEach } from '../../contexts/waitWays.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Message, Report, WitnessStep } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { removeLosers } from '../../fixes/removeLosers.ts';
import { shortText, strip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

const id = 'losing-listener-left-behind';

export const losingListenerLeftBehind: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'warning',
  summary: 'of several ways in which a wait can end, the listener of the other ones stays',
  patterns: ['L04'],
  triggers: ['.once', '.on', 'addEventListener'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const seen = new Set<ts.Node>();
    for (const registration of registrationsOf(file.unit.file)) {
      const found = judged(file, registration, seen);
      if (found) report(found);
    }
  },
};

function judged(file: FileAnalysis, registration: Registration, seen: Set<ts.Node>): Report | undefined {
  const { semantics } = file;
  if (isAbortListener(semantics, registration)) return undefined;
  const wait = settlersOf(semantics, registration);
  if (!wait || seen.has(wait.executor)) return undefined;
  const isForEach = waitsForEach(file.contexts, registration, wait.executor);
  const by = removedBy(semantics, registration, (it) => isOfWait(registration, it), isForEach);
  if (by === 'outside') return undefined;
  const rival =
    rivalOf(registration, wait) ?? (isForEach && by === 'nobody' ? left(file, registration, wait) : undefined);
  if (!rival) return undefined;
  const lived = waitsOnLongLived(file.contexts, semantics, registration, wait.executor);
  if (!lived) return undefined;
  seen.add(wait.executor);
  const steps: WitnessStep[] = [
    {
      path: file.unit.path,
      span: spanOf(rival.token),
      label:
        rival.kind === 'itself' ? 'the listener stays' : `${rival.label}: the promise settles, and the listener stays`,
    },
  ];
  const found = listenerReport(file, registration, {
    rule: id,
    severity: 'warning',
    confidence: confidenceOf(file, registration, lived, rival),
    message: messageOf(registration, rival),
    steps,
  });
  return { ...found, fixes: fixesOf(file.unit.path, [removeLosers(file, wait, registration)]) };
}

/** What wins the wait and leaves the listener behind. */
function rivalOf(registration: Registration, wait: Wait): Settler | undefined {
  const winner = wait.others.find((it) => leavesBehind(registration, it));
  return winner ?? (comesSeveralTimes(registration) ? wait.race : undefined);
}

function comesSeveralTimes(registration: Registration): boolean {
  const event = eventText(registration);
  return !terminal.test(event) && !initial.has(event);
}

/** Who settles the promise without the listener, or by it, while it goes on listening. */
function left({ semantics }: FileAnalysis, registration: Registration, { executor }: Wait): Settler | undefined {
  if (!comesSeveralTimes(registration)) return undefined;
  const base = { event: undefined, sameEmitter: false };
  const way = otherWay(semantics, registration, executor);
  if (way) return { ...base, kind: 'way', token: way, label: 'the work ends another way' };
  if (!listensOn(semantics, registration)) return undefined;
  return { ...base, kind: 'itself', token: registration.token, label: 'the wait is over' };
}

/** After these nothing more comes from an emitter: what is left on it goes with it. */
const terminal =
  /(?:close|closed|end|ended|finish|finished|exit|exited|disconnect|disconnected|destroy|destroyed|terminated|stopped|dead|died|killed|failed|errored|disposed)$/i;
/** These come at the start of an emitter's life, once. */
const initial = new Set([
  ...['open', 'connect', 'ready', 'listening', 'spawn', 'connected', 'secureConnect', 'load', 'online', 'connection'],
  ...[
    'loadedmetadata',
    'loadeddata',
    'canplay',
    'success',
    'upgradeneeded',
    'complete',
    'response',
    'socket',
    'started',
    'DOMContentLoaded',
  ],
]);

/** Whether a rival that wins leaves a listener behind on an emitter that lives on. */
function leavesBehind(registration: Registration, rival: Settler): boolean {
  const own = eventText(registration);
  if (terminal.test(own)) return false;
  if (rival.kind === 'timer') return !initial.has(own);
  const other = rival.event ?? '';
  if (!rival.sameEmitter) return !initial.has(own) && !initial.has(other);
  return !terminal.test(other) && !initial.has(other) && !(other === 'error' && initial.has(own)) && other !== 'error';
}

/**
 * What an object keeps may go with the wait, or soon after it, and what is there for a single event goes with the next one:
 * reading seldom shows that they pile up.
 */
function confidenceOf(
  { contexts }: FileAnalysis,
  { once, call, emitter, event: own }: Registration,
  { sure, ofProgram }: Lived,
  { event }: Settler,
): Confidence {
  if (event === 'drain' || ofProgram) return 'likely';
  // An event of a computed name may never come again.
  if (once && isConstantName(own)) return 'possible';
  const repetition = sure ? undefined : contexts.repeated.of(call);
  const isSeen = sure || (repetition !== undefined && contexts.lifetimes.outlives(emitter, repetition) !== undefined);
  return isSeen ? 'likely' : 'possible';
}

/** `'done'`, `Recorder.CANCEL_EVENT`: the same each time. */
function isConstantName(event: ts.Expression): boolean {
  const inner = strip(event);
  if (ts.isStringLiteralLike(inner)) return true;
  return /^(?:(?:\w+\.)*[A-Z]\w*\.)[A-Za-z]\w*$|^[A-Z][A-Z\d_]*$/.test(inner.getText());
}

function messageOf(registration: Registration, rival: Settler): Message {
  const text = shortText(registration.emitter, 40);
  return {
    what: `the \`${eventText(registration)}\` listener stays on \`${text}\` when ${rival.label}`,
    why: `each wait leaves one behind, and \`${text}\` keeps all of them`,
    remedy: 'remove it in each way out, or wait with `events.once(…, { signal })`',
  };
}
