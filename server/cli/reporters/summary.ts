import type { CheckOutcome } from '../../project/engine/protocol.ts';
import type { ReportContext } from './reporter.ts';

/** The last words of a run for people: counts, what can be fixed, and what "nothing found" is worth. */
export function summary(outcome: CheckOutcome, hidden: number, context: ReportContext): string {
  if (outcome.seen === 0) return `${context.paint('yellow', 'Nothing was checked')}\n`;
  return `${headline(outcome, hidden, context)}\n${coverageLine(outcome, context)}\n`;
}

function headline(outcome: CheckOutcome, hidden: number, { paint }: ReportContext): string {
  const shown = outcome.findings.filter((finding) => finding.suppressed === undefined);
  const suppressed = outcome.findings.length - shown.length;
  const parts: string[] = [];
  if (shown.length === 0) {
    parts.push(paint('green', hidden === 0 ? 'No leaks found' : 'No errors found'));
  } else {
    const count = (severity: string): number => shown.filter((finding) => finding.severity === severity).length;
    const counts = [
      paint('red', plural(count('error'), 'error')),
      paint('yellow', plural(count('warning'), 'warning')),
      paint('blue', `${count('info')} info`),
    ].filter((_, index) => count(['error', 'warning', 'info'][index] ?? '') > 0);
    parts.push(`${paint('bold', plural(shown.length, 'finding'))} (${counts.join(', ')})`);
    const safe = shown.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).length;
    const suggested = shown.filter((finding) => finding.fixes.length > 0).length - safe;
    if (safe > 0) parts.push(`${safe} fixable with --fix`);
    if (suggested > 0) parts.push(`${suggested} ${safe > 0 ? 'more ' : ''}with --fix-suggestions`);
  }
  if (suppressed > 0) parts.push(`${suppressed} suppressed`);
  if (hidden > 0) parts.push(`${hidden} below error not shown`);
  return parts.join(', ');
}

function coverageLine(outcome: CheckOutcome, { paint, timing }: ReportContext): string {
  const { acquisitions, proven, transferred, unknown, leaking } = outcome.coverage;
  const coverage = `${plural(acquisitions, 'acquisition')}: ${proven} released, ${transferred} handed over, ${unknown} not understood, ${leaking} leaking`;
  const rest = [
    plural(outcome.seen, 'file'),
    `${outcome.parsed} parsed`,
    `types: ${outcome.backend}`,
    ...(timing ? [`${outcome.durationMs} ms`] : []),
  ];
  return paint('dim', `${coverage}; ${rest.join(', ')}`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
