import { madePerCall } from '../../contexts/madePerCall.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';

/** A listener that an object adds which is made for one call, to something that lives on after it. */
export function listenerOfMade(file: FileAnalysis, registration: Registration): Report | undefined {
  const found = madePerCall(file.semantics, file.contexts, registration);
  if (!found) return undefined;
  const { made, kept, maker } = found;
  const { fileName: path } = made.getSourceFile();
  const [text, name] = [shortText(registration.emitter, 40), shortText(made.expression, 40)];
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `every call of \`${maker}\` makes another \`${name}\`, which adds a \`${eventText(registration)}\` listener to \`${text}\` that nobody removes`,
      why: `\`${text}\` lives on: it keeps every \`${name}\` that was ever made, and goes on calling it`,
      remedy: 'keep the listener and remove it when the object is done',
    },
    steps: [
      { path, span: spanOf(made.expression), label: `\`${maker}\` makes one for each call` },
      { path, span: spanOf(kept), label: 'this lives on' },
    ],
  });
}
