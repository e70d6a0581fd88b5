import ts from 'typescript';
import { isDisabled, phaseWords, takenBounds } from '../../bounds/given.ts';
import { isGrave } from '../../bounds/gravity.ts';
import { boundReport } from '../../bounds/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import { shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

const id = 'timeout-disabled';

export const timeoutDisabled: Rule = {
  id,
  family: 'sockets',
  preset: 'strict',
  severity: 'info',
  summary: 'a timeout that is switched off by its value',
  patterns: ['T10', 'T11'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (!isGrave(file)) return;
    const { path } = file.unit;
    for (const taken of takenBounds(file)) {
      const { bound, call, values } = taken;
      // A pool without a limit is told of by its own rule.
      if (bound.unit === 'signal' || (bound.phase === 'acquire' && bound.default === 'forever')) continue;
      const off = values.find((value) => value.getSourceFile() === file.unit.file && isDisabled(bound, value));
      if (!off) continue;
      const name = nameOf(off);
      report(
        boundReport(file, taken, {
          rule: id,
          kind: 'timeout',
          message: {
            what: `\`${shortText(off, 20)}\` switches the limit on ${phaseWords[bound.phase]} off`,
            why:
              bound.default === 'forever'
                ? 'nothing ends the wait'
                : `without it there would be one of ${bound.default} ${bound.unit}`,
            remedy: 'give a number, even a generous one',
          },
          span: lineSpan(name),
          steps: [
            { path, span: lineSpan(name), label: 'switched off here' },
            { path, span: acquisitionSpan(call), label: 'for this' },
          ],
        }),
      );
    }
  },
};

/** What the value is given to. */
function nameOf(value: ts.Expression): ts.Node {
  const { parent } = value;
  if (ts.isPropertyAssignment(parent)) return parent.name;
  return ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left) ? parent.left.name : value;
}
