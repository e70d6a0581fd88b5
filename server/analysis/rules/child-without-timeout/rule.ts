import { remedyOf } from '../../bounds/deadline.ts';
import { stepsOf, waitReport } from '../../bounds/report.ts';
import { waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { passDeadline } from '../../fixes/deadline.ts';
import { fixesOf } from '../../fixes/plan.ts';
import type { Rule } from '../rule.ts';

const id = 'child-without-timeout';

export const childWithoutTimeout: Rule = {
  id,
  family: 'sockets',
  preset: 'strict',
  severity: 'info',
  summary: 'a child process that is waited for without a limit',
  patterns: ['T13'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const judged of waitsOf(file)) {
      const { wait, missing } = judged;
      if (wait.of !== 'child' || missing.length === 0) continue;
      const found = waitReport(file, judged, {
        rule: id,
        message: {
          what: 'nothing ends the wait for this child process',
          why: wait.consequence,
          remedy: remedyOf(wait, file.options.timeoutMs),
        },
        severity: 'info',
        steps: stepsOf(file, judged),
        fixes: fixesOf(file.unit.path, [passDeadline(file, judged)]),
      });
      if (found) report(found);
    }
  },
};
