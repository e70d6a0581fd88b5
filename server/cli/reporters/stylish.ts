import type { CheckOutcome, LocatedFinding, LocatedStep } from '../../project/engine/protocol.ts';
import { display } from '../../project/files/paths.ts';
import { capitalised, sentence } from '../../project/messageText.ts';
import { printable } from '../paint.ts';
import { codeFrame, type FrameLabel } from './codeFrame.ts';
import type { ReportContext } from './reporter.ts';

const severityStyles = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const indent = '  ';

/**
 * For people. The first two lines of a finding are those of ESLint's format of the same name, so that the problem
 * matchers which editors have for it work here too: an absolute path, then `line:column  severity  message  rule`.
 */
export function reportStylish(outcome: CheckOutcome, context: ReportContext): string {
  return outcome.findings
    .filter((finding) => finding.suppressed === undefined)
    .map(
      (finding) =>
        `${[...head(finding, context), ...frames(finding, outcome, context), ...advice(finding, context)].join('\n')}\n\n`,
    )
    .join('');
}

function head(finding: LocatedFinding, { paint }: ReportContext): string[] {
  const { start, severity, rule, message, confidence } = finding;
  const sure = confidence === 'proven' ? '' : paint('dim', ` (${confidence})`);
  const place = paint('dim', `${start.line}:${start.column}`);
  return [
    paint('underline', printable(finding.path)),
    `${indent}${place}  ${paint(severityStyles[severity], severity)}  ${paint('bold', oneLine(capitalised(message.what)))}  ${paint('dim', rule)}${sure}`,
  ];
}

function advice(finding: LocatedFinding, { paint }: ReportContext): string[] {
  const { why, remedy } = finding.message;
  const lines = ['', `${indent}${paint('bold', 'why:')} ${oneLine(sentence(why))}`];
  lines.push(`${indent}${paint('bold', 'help:')} ${oneLine(sentence(remedy))}`);
  for (const fix of finding.fixes) {
    const option = fix.safety === 'safe' ? '--fix' : '--fix-suggestions';
    lines.push(
      `${indent}${paint('green', 'fix:')} ${oneLine(fix.title)} ${paint('dim', `(${fix.safety}, ${option})`)}`,
    );
  }
  return lines;
}

/** One frame per file, in the order in which the path visits them. */
function frames(finding: LocatedFinding, outcome: CheckOutcome, context: ReportContext): string[] {
  const { paint, cwd, width } = context;
  const steps = chosenSteps(finding.witness);
  const left = finding.witness.length - steps.length;
  const gutter = Math.max(...steps.map(({ step }) => String(step.start.line).length), 1) + 2;
  const lines: string[] = [];
  for (const path of new Set(steps.map(({ step }) => step.path))) {
    const labels = steps
      .filter(({ step }) => step.path === path)
      .map(({ step, role }): FrameLabel => ({ start: step.start, end: step.end, label: oneLine(step.label), role }));
    const source = outcome.sources[path];
    lines.push('');
    if (path !== finding.path) {
      const first = labels[0]?.start;
      const place = `${printable(display(cwd, path))}:${first?.line}:${first?.column}`;
      lines.push(paint('dim', `${' '.repeat(gutter)} ╭ `) + place);
    }
    lines.push(...codeFrame(source ?? '', labels, { paint, width, gutter }));
  }
  if (left > 0)
    lines.push(
      paint('dim', `${' '.repeat(gutter)} + ${left} ${left === 1 ? 'step' : 'steps'} between, see --format json`),
    );
  return lines;
}

/** At most three: where it begins, the step that leads out, and where it ends. */
function chosenSteps(witness: readonly LocatedStep[]): { step: LocatedStep; role: FrameLabel['role'] }[] {
  const [first] = witness;
  const last = witness.at(-1);
  if (first === undefined || last === undefined) return [];
  if (witness.length === 1) return [{ step: first, role: 'acquisition' }];
  const middle = witness.length === 2 ? undefined : witness.at(-2);
  return [
    { step: first, role: 'acquisition' as const },
    ...(middle === undefined ? [] : [{ step: middle, role: 'step' as const }]),
    { step: last, role: 'exit' as const },
  ];
}

function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}
