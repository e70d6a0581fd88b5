import { childEnd } from '../../contexts/children.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { firstLine, spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';

/** A listener for one of the many objects that an emitter has, which stays when that object ends. */
export function childListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const found = childEnd(file.semantics, registration);
  if (!found) return undefined;
  const { child, heard, forgotten } = found;
  const { path } = file.unit;
  const text = shortText(registration.emitter, 40);
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `the \`${eventText(registration)}\` listener stays on \`${text}\` when \`${child}\` ends`,
      why: `\`${text}\` lives on and gets another one for the next \`${child}\`: it keeps every closure, with all that they reach`,
      remedy: `keep the listener and remove it where \`${text}\` forgets \`${child}\``,
    },
    steps: [
      { path, span: spanOf(heard), label: `the end of \`${child}\` is heard here` },
      { path, span: firstLine(forgotten), label: `\`${text}\` forgets it here, and the listener stays` },
    ],
  });
}
