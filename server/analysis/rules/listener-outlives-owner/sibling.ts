import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import { siblingOf } from '../../contexts/siblings.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';

/** A listener that stays on somebody else's emitter while another one like it is removed. */
export function siblingListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const sibling = siblingOf(file.semantics, registration);
  if (!sibling) return undefined;
  const event = eventText(registration);
  const text = shortText(registration.emitter, 40);
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `the \`${event}\` listener stays on \`${text}\` when the work ends without \`${event}\``,
      why: `\`${text}\` belongs to somebody else: it keeps the closure, with all that it reaches, and the next work adds another`,
      remedy: 'keep the listener and remove it together with the other one',
    },
    steps: [
      {
        path: file.unit.path,
        span: spanOf(sibling.removal),
        label: 'another listener is removed here, and this one is not',
      },
    ],
  });
}
