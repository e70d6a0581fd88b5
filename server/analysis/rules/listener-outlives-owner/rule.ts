import { isAbortListener } from '../../contexts/abortSignals.ts';
import { failsToRemove } from '../../contexts/freshHandlers.ts';
import { eventText, type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { removedBy } from '../../contexts/removals.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { abortListener } from './abort.ts';
import { childListener } from './child.ts';
import { connectionListener } from './connection.ts';
import { comesWithEach, emitterListener } from './emitter.ts';
import { listenerOfMade } from './made.ts';
import { ownersListener } from './owner.ts';
import { listenerOnLent } from './pooled.ts';
import { siblingListener } from './sibling.ts';
import { subscriptionReports } from './subscription.ts';

export const id = 'listener-outlives-owner';

export const listenerOutlivesOwner: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a listener that stays on an emitter or signal when what registered it is gone',
  patterns: ['L04', 'L06', 'L08'],
  triggers: ['addEventListener', '.on', '.once', 'addListener', 'prependListener', 'prependOnceListener', '.subscribe'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const seen = new Set<string>();
    for (const registration of registrationsOf(file.unit.file)) {
      const found = judged(file, registration);
      if (!found) continue;
      // Several events of one emitter in one function are one mistake.
      const key = `${found.enclosing}\0${registration.emitter.getText()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      report(found);
    }
    for (const found of subscriptionReports(file)) report(found);
  },
};

function judged(file: FileAnalysis, registration: Registration): Report | undefined {
  const isAbort = isAbortListener(file.semantics, registration);
  if (!isAbort && file.contexts.lifetimes.ofProgram(registration.emitter)?.holder === 'process') return undefined;
  const lent = isAbort ? undefined : listenerOnLent(file, registration);
  if (lent) return lent;
  const by = removedBy(file.semantics, registration);
  // What is removed by another reference is told where that happens.
  if (by === 'outside' || failsToRemove(file.semantics, registration)) return undefined;
  if (isAbort) return abortListener(file, registration);
  const shared = connectionListener(file, registration);
  if (shared || by !== 'nobody') return shared;
  if (isLast(registration)) return comesWithEach(file, registration) ? emitterListener(file, registration) : undefined;
  const sibling = siblingListener(file, registration);
  if (sibling || registration.once) return sibling;
  return (
    emitterListener(file, registration) ??
    ownersListener(file, registration) ??
    listenerOfMade(file, registration) ??
    childListener(file, registration)
  );
}

/** An event after which nothing comes: what waits for it goes with the emitter. */
function isLast(registration: Registration): boolean {
  return ['close', 'end', 'finish', 'exit', 'destroy', 'disconnect'].includes(eventText(registration));
}
