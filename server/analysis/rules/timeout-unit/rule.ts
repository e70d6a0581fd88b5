import ts from 'typescript';
import { literalOf, type TakenBound, takenBounds } from '../../bounds/given.ts';
import { isGrave } from '../../bounds/gravity.ts';
import { boundReport } from '../../bounds/report.ts';
import { leastMs } from '../../bounds/units.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import type { Rule } from '../rule.ts';

const id = 'timeout-unit';

/** Nobody waits more than this many seconds. */
const mostSeconds = 1000;
/** Before this many milliseconds since 1970 a deadline lies in the past by decades. */
const leastDate = 1e11;

export const timeoutUnit: Rule = {
  id,
  family: 'sockets',
  preset: 'strict',
  severity: 'info',
  summary: 'a timeout in seconds where milliseconds are expected, or the reverse',
  patterns: ['T18'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (!isGrave(file)) return;
    const { path } = file.unit;
    for (const taken of takenBounds(file)) {
      const { bound, call, values } = taken;
      const value = values.find(
        (candidate) => candidate.getSourceFile() === file.unit.file && mistaken(bound, candidate),
      );
      const wrong = value && mistaken(bound, value);
      if (!value || !wrong) continue;
      const name = ts.isPropertyAssignment(value.parent) ? value.parent.name : value;
      report(
        boundReport(file, taken, {
          rule: id,
          kind: 'timeout',
          message: {
            what: `\`${bound.option}\` is given in ${unitWords[bound.unit]}, and ${literalOf(value)} ${wrong}`,
            why: 'the wait ends at once, or as good as never',
            remedy: `write the number in ${unitWords[bound.unit]}`,
          },
          span: lineSpan(name),
          steps: [
            { path, span: lineSpan(name), label: 'the number is given here' },
            { path, span: acquisitionSpan(call), label: `this expects ${unitWords[bound.unit]}` },
          ],
        }),
      );
    }
  },
};

const unitWords: Readonly<Record<TakenBound['bound']['unit'], string>> = {
  ms: 'milliseconds',
  s: 'seconds',
  date: 'milliseconds since 1970',
  signal: 'a signal',
};

/** What is wrong with the number, as the end of a sentence. */
function mistaken({ unit, phase }: TakenBound['bound'], node: ts.Expression): string | undefined {
  const value = literalOf(node);
  if (typeof value !== 'number' || value <= 0 || value === Number.POSITIVE_INFINITY) return undefined;
  if (unit === 'ms' && phase !== 'idle' && value < leastMs) return 'looks like seconds';
  if (unit === 's' && value >= mostSeconds) return 'looks like milliseconds';
  return unit === 'date' && value < leastDate ? 'looks like a duration' : undefined;
}
