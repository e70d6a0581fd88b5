import type { CheckOutcome, FixSummary, Position } from '../project/engine/protocol.ts';
import { display } from '../project/files/paths.ts';
import type { CheckOptions } from './checkOptions.ts';
import { printable } from './paint.ts';
import type { ReportContext } from './reporters/reporter.ts';

/** What is to be said besides the findings: failures, unused suppressions, fixes, timings. */
export function remarks(outcome: CheckOutcome, options: CheckOptions, context: ReportContext): string {
  const { paint, cwd } = context;
  const lines: string[] = [];
  const say = (level: 'error' | 'warning', path: string, message: string, at?: Position): void => {
    const place = at === undefined ? '' : `:${at.line}:${at.column}`;
    const label = paint(level === 'error' ? 'red' : 'yellow', level);
    lines.push(`${printable(display(cwd, path))}${place}: ${label}: ${message.split('\n').map(printable).join('\n')}`);
  };
  for (const { path, message } of outcome.errors) say('error', path, message);
  for (const { path, message } of outcome.warnings) say('warning', path, message);
  if (options.unusedSuppressions !== 'off') {
    const level = options.unusedSuppressions === 'error' ? 'error' : 'warning';
    for (const { path, start, message } of outcome.suppressionProblems) say(level, path, message, start);
  }
  if (outcome.fixes !== undefined) lines.push(...fixRemarks(outcome.fixes, options, context));
  if (options.timings) lines.push(...timingLines(outcome, context));
  return lines.map((line) => `${line}\n`).join('');
}

function fixRemarks(fixes: FixSummary, options: CheckOptions, { cwd, paint }: ReportContext): string[] {
  const lines = fixes.refused.map(({ path, start, rule, title, reason }) => {
    const place = `${printable(display(cwd, path))}:${start.line}:${start.column}`;
    return `${place}: ${paint('yellow', 'not fixed')}: ${printable(title)}: ${printable(reason)} (${rule})`;
  });
  const would = options.dryRun ? 'would be ' : '';
  const files = fixes.changed.length;
  if (fixes.applied > 0) {
    lines.push(
      `${fixes.applied} ${fixes.applied === 1 ? 'fix' : 'fixes'} ${would}applied in ${files} ${files === 1 ? 'file' : 'files'}`,
    );
  }
  if (fixes.exhausted) lines.push('stopped after ten passes; run the command again for the fixes that are left');
  return lines;
}

function timingLines(outcome: CheckOutcome, { cwd }: ReportContext): string[] {
  const { phases, slowest } = outcome.timings;
  return [
    ...phases.map(({ name, ms }) => `${String(ms).padStart(7)} ms  ${name}`),
    ...slowest.map(({ path, ms }) => `${String(ms).padStart(7)} ms  ${printable(display(cwd, path))}`),
  ];
}
