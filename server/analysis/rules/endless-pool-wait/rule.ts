import { literal } from '../../bounds/deadline.ts';
import { isDisabled, takenBounds } from '../../bounds/given.ts';
import { isGrave } from '../../bounds/gravity.ts';
import { boundReport } from '../../bounds/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'endless-pool-wait';

export const endlessPoolWait: Rule = {
  id,
  family: 'sockets',
  preset: 'strict',
  severity: 'info',
  summary: 'a pool that lets everybody wait for ever when it has nothing left',
  patterns: ['T12'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (!isGrave(file)) return;
    const { path } = file.unit;
    for (const taken of takenBounds(file)) {
      const { bound, call, state, values } = taken;
      if (bound.phase !== 'acquire' || bound.default !== 'forever' || bound.ignored) continue;
      const off = values.find((value) => isDisabled(bound, value));
      if (state === 'unknown' || (state === 'present' && !off)) continue;
      const place = off ?? call.arguments?.[0] ?? call;
      report(
        boundReport(file, taken, {
          rule: id,
          kind: 'pool',
          message: {
            what: `when this pool has nothing left, everybody waits for ever`,
            why: `\`${bound.option}\` ${off ? 'is switched off' : 'is not set, and by default there is no limit'}: one leak or one slow query stops the whole service without an error`,
            remedy: `set \`${bound.option}: ${literal(file.options.timeoutMs)}\``,
          },
          span: acquisitionSpan(call),
          steps: [
            { path, span: acquisitionSpan(call), label: 'the pool is made here' },
            { path, span: lineSpan(place), label: off ? 'switched off here' : `no \`${bound.option}\` in its options` },
          ],
          fixes: off ? [] : fixes(file, taken),
        }),
      );
    }
  },
};
