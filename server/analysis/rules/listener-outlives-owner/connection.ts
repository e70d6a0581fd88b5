import { sharedConnection } from '../../contexts/connections.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';

/** A listener that one request adds to the connection on which the next ones come, too. */
export function connectionListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const shared = sharedConnection(file.semantics, file.contexts, registration);
  if (!shared) return undefined;
  const { each } = shared;
  const text = shortText(registration.emitter, 40);
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `every ${each} adds another \`${eventText(registration)}\` listener to \`${text}\`, which serves the ${each}s after it, too`,
      why: 'a connection that is kept alive keeps every closure, with all that they reach, until it closes',
      remedy: `listen on the ${each} itself, or remove the listener when the ${each} is done`,
    },
    steps: [
      {
        path: file.unit.path,
        span: spanOf(registration.emitter),
        label: `the connection outlives the ${each}`,
      },
    ],
  });
}
