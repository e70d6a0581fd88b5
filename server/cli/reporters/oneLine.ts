import type { CheckOutcome } from '../../project/engine/protocol.ts';
import { display } from '../../project/files/paths.ts';
import { messageText, sentence } from '../../project/messageText.ts';
import { printable } from '../paint.ts';
import type { ReportContext } from './reporter.ts';

/** `file:line:column: severity: message [rule]`, as compilers and grep write it. */
export function reportUnix(outcome: CheckOutcome, context: ReportContext): string {
  return lines(outcome, context, (finding, place) => {
    return `${place}: ${finding.severity}: ${flat(messageText(finding.message))} [${finding.rule}]`;
  });
}

/** One line with everything a program that writes code needs in order to act. */
export function reportAgent(outcome: CheckOutcome, context: ReportContext): string {
  return lines(outcome, context, (finding, place) => {
    const { what, why, remedy } = finding.message;
    const fix = finding.fixes[0];
    const offer = fix === undefined ? '' : ` fix: ${flat(fix.title)} (${fix.safety})`;
    const exit = finding.witness.at(-1);
    const leaves =
      exit === undefined
        ? ''
        : ` at ${display(context.cwd, exit.path)}:${exit.start.line}:${exit.start.column} ${flat(exit.label)}.`;
    return `${place}: ${finding.severity} ${finding.rule}: ${flat(sentence(what))} ${flat(sentence(why))}${leaves} help: ${flat(sentence(remedy))}${offer}`;
  });
}

function lines(
  outcome: CheckOutcome,
  context: ReportContext,
  line: (finding: CheckOutcome['findings'][number], place: string) => string,
): string {
  return outcome.findings
    .filter((finding) => finding.suppressed === undefined)
    .map((finding) => {
      const path = printable(display(context.cwd, finding.path));
      return `${line(finding, `${path}:${finding.start.line}:${finding.start.column}`)}\n`;
    })
    .join('');
}

function flat(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}
