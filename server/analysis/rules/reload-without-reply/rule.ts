import { type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { isReloadSignal, type SilentReload, silentReload } from '../../contexts/reloads.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import { type DroppedRead, droppedReads } from '../../contexts/startReads.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, Span, WitnessStep } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { printError } from '../../fixes/printError.ts';
import { serveControl } from '../../fixes/serveControl.ts';
import { qualifiedName, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

const id = 'reload-without-reply';

export const reloadWithoutReply: Rule = {
  id,
  family: 'signals',
  preset: 'strict',
  severity: 'info',
  summary: 'a reload by signal whose failure whoever sent it does not learn',
  patterns: ['L16'],
  triggers: ['SIGHUP', 'SIGUSR1', 'SIGUSR2'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const registration of registrationsOf(file.unit.file)) {
      if (file.contexts.lifetimes.ofProgram(registration.emitter)?.holder !== 'process') continue;
      const reload = silentReload(file, registration);
      if (isReloadSignal(registration)) {
        for (const dropped of droppedReads(file, registration)) report(startReport(file, registration, dropped));
      }
      if (!reload) continue;
      const found = listenerReport(file, registration, {
        rule: id,
        severity: 'info',
        confidence: 'likely',
        message: {
          what: `whoever sends \`${registration.eventName}\` does not learn whether \`${shortText(reload.failing, 40)}\` failed`,
          why: 'a signal has no answer: the failure stands in a log, and the old state goes on being used',
          remedy: 'offer the same reload on a Unix domain socket that answers, and keep the signal',
        },
        steps: stepsOf(file, reload),
      });
      report({ ...found, fixes: fixesOf(file.unit.path, [serveControl(file, registration, reload)]) });
    }
  },
};

/** A start that drops the error of what the signal reads again. */
function startReport(file: FileAnalysis, registration: Registration, { token, source, drop }: DroppedRead): Report {
  const { path } = file.unit;
  const text = shortText(source, 40);
  return {
    rule: id,
    severity: 'info',
    confidence: 'likely',
    message: {
      what: `the program starts without \`${text}\` when it cannot be read, and says nothing`,
      why: 'whoever starts it takes it for loaded, and only the next reload tells otherwise',
      remedy: 'let the start fail, or say why it goes on without',
    },
    path,
    span: spanOf(token),
    resource: { library: 'node', kind: 'start-up read', acquire: token.getText() },
    witness: [
      { path, span: spanOf(token), label: 'read at start' },
      { path, span: firstLine(drop), label: 'the error is dropped here' },
      { path, span: spanOf(registration.token), label: `\`${registration.eventName}\` reads it again` },
    ],
    fixes: fixesOf(path, [printError(file, drop)]),
    enclosing: qualifiedName(token),
    acquisition: `${token.getText()}(${text})`,
  };
}

function stepsOf(file: FileAnalysis, { failing, logged }: SilentReload): readonly WitnessStep[] {
  const { path } = file.unit;
  const step = (span: Span, label: string): WitnessStep => ({ path, span, label });
  const steps = [step(firstLine(failing), 'this can fail')];
  if (logged) steps.push(step(firstLine(logged), 'and the failure is only logged'));
  return steps;
}

function firstLine(node: Parameters<typeof spanOf>[0]): Span {
  const { start, end } = spanOf(node);
  const stop = node
    .getSourceFile()
    .text.slice(start, end)
    .search(/[\r\n]/);
  return { start, end: stop < 0 ? end : start + stop };
}
