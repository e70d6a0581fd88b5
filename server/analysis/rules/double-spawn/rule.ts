import { detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { doubleSpawn as whyTwice } from '../../detachment/tasks.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';

export const doubleSpawn: Rule = {
  id: 'double-spawn',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a task whose only work is to wait for another task that nobody can abort',
  patterns: [],
  triggers: ['void (async', 'setTimeout'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (file.isTestCode) return;
    for (const call of sitesOf(file.unit, file.semantics).calls) {
      const found = whyTwice(call, file);
      if (!found) continue;
      report(
        detachedReport(file, {
          rule: 'double-spawn',
          node: call,
          severity: 'warning',
          confidence: found.confidence,
          message: {
            what: found.ofSet
              ? 'this task only drains a collection of one task: nobody manages the manager'
              : 'this task only waits for another task: nobody manages the manager',
            why: `two tasks are held instead of one, and the first still goes on ${found.wait.text} with nobody to abort it`,
            remedy: 'handle the first promise with `.catch()`, and give its work a signal',
          },
          kind: 'task',
          steps: [
            { node: found.work, label: `the work is started here, and goes on ${found.wait.text}` },
            { node: call, label: 'a second task is started here' },
            { node: found.waits, label: 'all it does is to wait for the first' },
          ],
        }),
      );
    }
  },
};
