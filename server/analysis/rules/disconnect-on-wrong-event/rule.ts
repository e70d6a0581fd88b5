import type ts from 'typescript';
import { meantEvent } from '../../contexts/eventNames.ts';
import { bodyRead, type Exchange, exchangeOf } from '../../contexts/exchanges.ts';
import { type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { diesWithRun, listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { qualifiedName, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'disconnect-on-wrong-event';

export const disconnectOnWrongEvent: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'warning',
  summary: 'waits for the client to leave on an event that does not tell so, or for an event that there is not',
  patterns: ['L11', 'L13'],
  triggers: ['.on', '.once', 'addListener'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const registration of registrationsOf(file.unit.file)) {
      const meant = meantEvent(file.semantics, file.contexts.lifetimes, registration);
      if (meant !== undefined) report(deadListener(file, registration, meant));
      if (registration.eventName !== 'close' || registration.api !== 'emitter') continue;
      const exchange = exchangeOf(file, registration.emitter);
      const read = exchange && bodyRead(file, exchange, registration.call);
      if (read) report(reportOf(file, registration, exchange, read));
    }
  },
};

/** A listener of an event that the emitter does not have. */
function deadListener(file: FileAnalysis, registration: Registration, meant: string): Report {
  const { call, event, eventName, emitter } = registration;
  const isUnheard = unheard.test(meant);
  const found = listenerReport(file, registration, {
    rule: id,
    severity: 'warning',
    confidence: 'proven',
    message: {
      what: `\`${shortText(emitter, 40)}\` has no event \`${eventName}\`: this listener never runs`,
      why: 'what it was to do at that event is not done, and nothing tells',
      remedy: isUnheard ? 'remove it: no process can listen for this signal' : `listen for \`${meant}\``,
    },
    steps: [{ path: file.unit.path, span: spanOf(event), label: `\`${meant}\` is almost the same` }],
  });
  const edits = [{ start: event.getStart() + 1, end: event.end - 1, text: meant }];
  const fix = { title: `Listen for \`${meant}\``, safety: 'suggestion' as const, edits };
  return { ...found, enclosing: qualifiedName(call), fixes: isUnheard ? [] : fixesOf(file.unit.path, [fix]) };
}

/** To listen for one of these throws. */
const unheard = /^SIG(?:KILL|STOP)$/;

function reportOf(file: FileAnalysis, registration: Registration, exchange: Exchange, read: ts.Node): Report {
  const { path } = file.unit;
  const { token, call } = registration;
  const [request, response] = [exchange.request.text, exchange.response.text];
  return {
    rule: id,
    severity: diesWithRun(file) ? 'info' : 'warning',
    confidence: diesWithRun(file) ? 'possible' : 'likely',
    message: {
      what: `\`${request}\` closes when its body has been read, not when the client leaves`,
      why: 'the listener runs at once or never, and work for a client that has gone is not stopped',
      remedy: `listen on the response: \`${response}.once('close', …)\`, and ask \`${response}.writableEnded\``,
    },
    path,
    span: spanOf(token),
    resource: { library: 'node', kind: 'disconnect listener', acquire: token.text },
    witness: [
      { path, span: spanOf(token), label: 'registered here' },
      { path, span: spanOf(read), label: 'the body has been read: the request is closed' },
    ],
    fixes: fixes(file, registration, exchange),
    enclosing: qualifiedName(call),
    acquisition: `${request}.${token.text}(close)`,
  };
}
