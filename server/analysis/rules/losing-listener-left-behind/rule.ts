import ts from 'typescript';
import { isAbortListener } from '../../contexts/abortSignals.ts';
import { eventText, type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { type Removal, removedBy } from '../../contexts/removals.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import { type Lived, type Settler, settlersOf, waitsOnLongLived } from '../../contexts/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Message, Report, WitnessStep } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { removeLosers } from '../../fixes/removeLosers.ts';
import { enclosingRoot, functionName, shortText, strip } from '../../syntax/tree.ts';
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
  if (!wait || seen.has(wait.executor) || removedBy(semantics, registration, isNotLast) === 'outside') return undefined;
  const winner = wait.others.find((it) => leavesBehind(registration, it));
  const rival =
    winner ?? (terminal.test(eventText(registration)) || initial.has(eventText(registration)) ? undefined : wait.race);
  if (!rival) return undefined;
  const lived = waitsOnLongLived(file.contexts, semantics, registration, wait.executor);
  if (!lived) return undefined;
  seen.add(wait.executor);
  const steps: WitnessStep[] = [
    {
      path: file.unit.path,
      span: spanOf(rival.token),
      label: `${rival.label}: the promise settles, and the listener stays`,
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

/** Whether a removal is of use to a wait: what an object takes away when it ends comes after all waits. */
function isNotLast({ handler, call, emitter }: Removal): boolean {
  if (handler || strip(emitter).kind !== ts.SyntaxKind.ThisKeyword) return true;
  const root = enclosingRoot(call);
  const name = ts.isFunctionLike(root) ? functionName(root) : undefined;
  return !/^_?(?:close|destroy|dispose|shutdown|terminate)$/.test(name ?? '');
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
  { once, call, emitter, eventName }: Registration,
  { sure, ofProgram }: Lived,
  { event }: Settler,
): Confidence {
  if (event === 'drain' || ofProgram) return 'likely';
  // An event of a computed name may never come again.
  if (once && eventName !== undefined) return 'possible';
  const repetition = sure ? undefined : contexts.repeated.of(call);
  const isSeen = sure || (repetition !== undefined && contexts.lifetimes.outlives(emitter, repetition) !== undefined);
  return isSeen ? 'likely' : 'possible';
}

function messageOf(registration: Registration, rival: Settler): Message {
  const text = shortText(registration.emitter, 40);
  return {
    what: `the \`${eventText(registration)}\` listener stays on \`${text}\` when ${rival.label}`,
    why: `each wait leaves one behind, and \`${text}\` keeps all of them`,
    remedy: 'remove it in each way out, or wait with `events.once(…, { signal })`',
  };
}
