import { eventText, registrationsOf } from '../../contexts/registrations.ts';
import { removedBy } from '../../contexts/removals.ts';
import type { Repetition } from '../../contexts/repeated.ts';
import { dependsOn, listenerReport, repetitionConfidence } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'signal-listener-in-loop';

export const signalListenerInLoop: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a handler of `process` that is registered again and again',
  patterns: ['L01', 'L02', 'L03'],
  triggers: [
    'process.on',
    'process.once',
    'process.addListener',
    'process.prependListener',
    'process.prependOnceListener',
  ],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const registration of registrationsOf(file.unit.file)) {
      const { emitter, call, event } = registration;
      if (file.contexts.lifetimes.ofProgram(emitter)?.holder !== 'process') continue;
      const repetition = file.contexts.repeated.of(call);
      if (!repetition || dependsOn(file, event, repetition.region)) continue;
      const by = removedBy(file.semantics, registration);
      if (by === 'outside') continue;
      const found = listenerReport(file, registration, {
        rule: id,
        severity: 'warning',
        // What takes itself away when it runs is there to run soon.
        confidence: by === 'itself' ? 'possible' : repetitionConfidence(repetition),
        message: messageOf(eventText(registration), repetition),
        steps: repetition.steps,
      });
      report({ ...found, fixes: fixes(file, registration) });
    }
  },
};

function messageOf(event: string, { each }: Repetition): Message {
  const isSignal = /^SIG[A-Z]/.test(event);
  return {
    what: `every ${each} adds another \`${event}\` handler to \`process\`, and none is removed`,
    why: isSignal
      ? 'Node keeps every closure and runs every handler for each signal (it opens no further descriptor for them), and warns from the eleventh on'
      : 'Node keeps every closure as long as the process lives and runs every handler for each event, and warns from the eleventh on',
    remedy:
      'register one handler at module level that tells whoever is interested, or remove the handler when the work is done',
  };
}
