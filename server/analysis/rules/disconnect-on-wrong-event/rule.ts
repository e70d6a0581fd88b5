import type ts from 'typescript';
import { bodyRead, type Exchange, exchangeOf } from '../../contexts/exchanges.ts';
import { type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { qualifiedName } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'disconnect-on-wrong-event';

export const disconnectOnWrongEvent: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'warning',
  summary: 'waits for the client to leave on an event that does not tell so',
  patterns: ['L11'],
  triggers: ['.on', '.once', 'addListener'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const registration of registrationsOf(file.unit.file)) {
      if (registration.eventName !== 'close' || registration.api !== 'emitter') continue;
      const exchange = exchangeOf(file, registration.emitter);
      const read = exchange && bodyRead(file, exchange, registration.call);
      if (read) report(reportOf(file, registration, exchange, read));
    }
  },
};

function reportOf(file: FileAnalysis, registration: Registration, exchange: Exchange, read: ts.Node): Report {
  const { path } = file.unit;
  const { token, call } = registration;
  const [request, response] = [exchange.request.text, exchange.response.text];
  return {
    rule: id,
    severity: file.isTestCode ? 'info' : 'warning',
    confidence: file.isTestCode ? 'possible' : 'likely',
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
