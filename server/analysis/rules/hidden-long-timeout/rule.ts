import { hiddenWaits } from '../../detachment/hiddenWaits.ts';
import { detachedReport } from '../../detachment/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const hiddenLongTimeout: Rule = {
  id: 'hidden-long-timeout',
  family: 'detached',
  preset: 'strict',
  severity: 'info',
  summary: 'a task that waits for a minute or more and that nothing can abort',
  patterns: ['D02', 'T15'],
  triggers: ['setTimeout'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (file.isTestCode) return;
    for (const found of hiddenWaits(file)) {
      const { wait, call } = found;
      report(
        detachedReport(file, {
          rule: 'hidden-long-timeout',
          node: wait.node,
          severity: 'info',
          confidence: 'likely',
          message: {
            what: `this task waits ${wait.text}, and nothing can abort it`,
            why: 'nobody waits for the task; until the time is over it holds everything that it mentions',
            remedy: 'wait with a signal, such as `setTimeout()` of `node:timers/promises` takes one',
          },
          kind: 'task',
          fixes: fixes(file, found),
          steps: [
            { node: call, label: 'the task is started here, and nobody waits for it' },
            { node: wait.node, label: `waits ${wait.text}` },
          ],
        }),
      );
    }
  },
};
