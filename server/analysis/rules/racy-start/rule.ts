import { detachedReport } from '../../detachment/report.ts';
import { ifsIn, racyStart as whyRacy } from '../../detachment/strictPatterns.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { keepPromise } from '../../fixes/keepPromise.ts';
import { fixesOf } from '../../fixes/plan.ts';
import type { Rule } from '../rule.ts';

export const racyStart: Rule = {
  id: 'racy-start',
  family: 'detached',
  preset: 'strict',
  severity: 'info',
  summary: 'a check, a wait, and only then the flag: two callers start the same thing twice',
  patterns: ['D07', 'D08'],
  triggers: ['if (this'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const test of ifsIn(file.unit.file)) {
      const found = whyRacy(test);
      if (!found) continue;
      report(
        detachedReport(file, {
          rule: 'racy-start',
          node: found.test,
          severity: 'info',
          confidence: 'likely',
          message: {
            what: `two callers can pass this check before \`${found.field}\` is set`,
            why: 'each of them starts the work, and what the first one started is lost',
            remedy: 'keep the promise: `return this.#started ??= this.#start()`',
          },
          kind: 'task',
          fixes: fixesOf(file.unit.path, [keepPromise(file.unit, found.test)]),
          steps: [
            { node: found.test, label: 'checked here' },
            { node: found.waits, label: 'the second caller gets to the check while this one waits' },
            { node: found.set, label: 'set only here' },
          ],
        }),
      );
    }
  },
};
