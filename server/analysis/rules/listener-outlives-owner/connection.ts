import ts from 'typescript';
import { sharedConnection } from '../../contexts/connections.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { contains, shortText } from '../../syntax/tree.ts';

/** A listener that one request adds to the connection on which the next ones come, too. */
export function connectionListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const shared = sharedConnection(file.semantics, file.contexts, registration);
  if (!shared) return undefined;
  const { each } = shared;
  const text = shortText(registration.emitter, 40);
  return listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    // What only somebody sees who looks for a fault does not stay in production.
    confidence: isForDebugging(registration.call) ? 'possible' : 'likely',
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

/** `if (logger.enabled) request.on('socket', …)` */
function isForDebugging(call: ts.Node): boolean {
  for (let node = call.parent; node && !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isIfStatement(node) || !contains(node.thenStatement, call)) continue;
    if (/\b(?:debug|verbose|trac(?:e|ing)|log(?:ger)?)\b/i.test(node.expression.getText())) return true;
  }
  return false;
}
