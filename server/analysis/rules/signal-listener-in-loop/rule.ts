import ts from 'typescript';
import { offeredAround } from '../../contexts/offered.ts';
import { perUse } from '../../contexts/perUse.ts';
import { eventText, type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { removedBy } from '../../contexts/removals.ts';
import type { Hop, Repetition } from '../../contexts/repeated.ts';
import { firstLine, spanOf } from '../../contexts/repeated.ts';
import { dependsOn, listenerReport, repetitionConfidence } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
import { functionName, shortText } from '../../syntax/tree.ts';
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
      // One handler for each of several signals does not repeat by itself.
      if (!repetition || dependsOn(file, event, repetition.region)) {
        const offered = ofUse(file, registration) ?? ofPackage(file, registration);
        if (offered) report(offered);
        continue;
      }
      const by = removedBy(file.semantics, registration);
      if (by === 'outside') continue;
      const found = listenerReport(file, registration, {
        rule: id,
        severity: 'warning',
        confidence: by === 'itself' || isFew(repetition) ? 'possible' : repetitionConfidence(repetition),
        message: messageOf(eventText(registration), repetition),
        steps: repetition.steps,
      });
      report({ ...found, fixes: fixes(file, registration) });
    }
  },
};

/**
 * What is there bounds how often a loop turns, a process is told one time to start, and what has failed seldom fails
 * twice; what takes itself away when it runs is there to run soon.
 */
function isFew({ times, each, hops }: Repetition): boolean {
  const isMade = hops.some(({ callee }) => ts.isClassLike(callee) || ts.isConstructorDeclaration(callee));
  if (times === 'event' && each === '`error` event') return true;
  return (times === 'element' && !isMade) || (times === 'event' && hops.some(({ callee }) => startsProgram(callee)));
}

function startsProgram(callee: Hop['callee']): boolean {
  const name = ts.isClassLike(callee) ? undefined : functionName(callee);
  return /^(?:main|bootstrap|(?:_?(?:start|launch|boot)|[a-z]+(?:Start|Launch|Boot))(?:$|[A-Z]))/.test(name ?? '');
}

/** A handler that each object of an exported class, or each call of an exported function, leaves behind. */
function ofUse(file: FileAnalysis, registration: Registration): Report | undefined {
  if (removedBy(file.semantics, registration) !== 'nobody') return undefined;
  const use = perUse(file.semantics, registration.call);
  if (!use) return undefined;
  const { kind, token, name, end } = use;
  const path = token.getSourceFile().fileName;
  const isObject = kind === 'object';
  const steps = [
    {
      path,
      span: isObject || ts.isIdentifier(token) ? spanOf(token) : firstLine(token),
      label: isObject ? 'others construct this' : 'others call this',
    },
  ];
  if (end) steps.push({ path, span: spanOf(end), label: 'the object ends here, and the handler stays' });
  const each = isObject ? `\`${name}\`` : name.startsWith('the ') ? `call of ${name}` : `call of \`${name}\``;
  return listenerReport(file, registration, {
    rule: id,
    severity: 'warning',
    confidence: 'likely',
    message: messageOf(eventText(registration), { each }, end?.getText()),
    steps,
  });
}

/** A handler that a function of a package registers for whoever calls it. */
function ofPackage(file: FileAnalysis, registration: Registration): Report | undefined {
  if (file.options.preset !== 'strict' || removedBy(file.semantics, registration) !== 'nobody') return undefined;
  const offered = offeredAround(file.semantics, registration.call);
  if (!offered) return undefined;
  const span = { start: offered.getStart(), end: offered.end };
  return listenerReport(file, registration, {
    rule: id,
    severity: 'warning',
    confidence: 'possible',
    message: messageOf(eventText(registration), { each: `call of \`${shortText(offered, 40)}\`` }),
    steps: [{ path: offered.getSourceFile().fileName, span, label: 'the package offers this: others call it' }],
  });
}

function messageOf(event: string, { each }: Pick<Repetition, 'each'>, end?: string): Message {
  const isSignal = /^SIG[A-Z]/.test(event);
  return {
    what: `every ${each} adds another \`${event}\` handler to \`process\`, and ${end === undefined ? 'none is removed' : `\`${end}\` leaves it there`}`,
    why: isSignal
      ? 'Node keeps every closure and runs every handler for each signal (it opens no further descriptor for them), and warns from the eleventh on'
      : 'Node keeps every closure as long as the process lives and runs every handler for each event, and warns from the eleventh on',
    remedy:
      'register one handler at module level that tells whoever is interested, or remove the handler when the work is done',
  };
}
