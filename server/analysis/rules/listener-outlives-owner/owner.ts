import { endLeaving, type ObjectEnd } from '../../contexts/objectEnds.ts';
import { eventText, type Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report, WitnessStep } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { registerWithSignal, removeAtEnd } from '../../fixes/removeAtEnd.ts';
import { shortText } from '../../syntax/tree.ts';

/** A listener of an object whose own end, or the end of a round of its work, leaves it behind. */
export function ownersListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const end = endLeaving(file.semantics, file.contexts, registration);
  if (!end) return undefined;
  const { path } = file.unit;
  const steps: WitnessStep[] = [];
  if (end.sibling)
    steps.push({
      path,
      span: spanOf(end.sibling),
      label:
        end.kind === 'borrowed'
          ? 'ended here, but only where it is its own'
          : 'another listener is removed here, and this one is not',
    });
  const label = end.kind === 'round' ? 'the round ends here, and the listener stays' : 'the object ends here';
  steps.push({ path, span: spanOf(end.method), label });
  const found = listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: end.alone ? 'possible' : 'likely',
    message: messageOf(registration, end),
    steps,
  });
  const plans = [removeAtEnd(file, registration, end), registerWithSignal(file, registration, end)];
  return { ...found, fixes: fixesOf(path, plans) };
}

function messageOf(registration: Registration, { kind, method }: ObjectEnd): Message {
  const [name, emitter, event] = [method.getText(), shortText(registration.emitter, 40), eventText(registration)];
  if (kind === 'round')
    return {
      what: `\`${name}\` leaves the \`${event}\` listener on \`${emitter}\`, and the next round adds another`,
      why: `\`${emitter}\` keeps every closure, with all that they reach, and runs all of them on each event`,
      remedy: `keep the listener and remove it in \`${name}\``,
    };
  if (kind === 'borrowed')
    return {
      what: `the \`${event}\` listener stays on \`${emitter}\` where \`${name}\` does not end it, because it was given`,
      why: 'who gave it goes on using it: it keeps the object, with all that it reaches, and goes on calling it',
      remedy: `keep the listener and remove it in \`${name}\``,
    };
  return {
    what: `\`${name}\` ends the object and leaves its \`${event}\` listener on \`${emitter}\``,
    why: `\`${emitter}\` lives on: it keeps the object, with all that it reaches, and goes on calling it`,
    remedy: `keep the listener and remove it in \`${name}\``,
  };
}
