import { pooledListener } from '../../contexts/pooledListeners.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';

/** A listener that goes back to a pool with what it was added to. */
export function listenerOnLent(file: FileAnalysis, registration: Registration): Report | undefined {
  const found = pooledListener(file.semantics, registration);
  if (!found) return undefined;
  const { name, givenBack, isForgotten } = found;
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `\`${name}\` goes back to its pool with the \`${eventText(registration)}\` listener${isForgotten ? ', which another way removes' : ''}`,
      why: 'the pool lends it again: each time adds another listener, keeps its closure, and runs all of them on each event',
      remedy: `remove the listener before \`${name}\` is given back, or listen once, where the pool makes its connections`,
    },
    steps: [
      {
        path: file.unit.path,
        span: spanOf(givenBack),
        label: 'given back here, and the listener stays',
      },
    ],
  });
}
