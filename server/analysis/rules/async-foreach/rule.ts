import { callToken, detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { asyncForEach } from '../../detachment/strictPatterns.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const asyncForeach: Rule = {
  id: 'async-foreach',
  family: 'detached',
  preset: 'strict',
  severity: 'info',
  summary: 'an async callback of `forEach`, which waits for nothing',
  patterns: ['D14'],
  triggers: ['forEach(async'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const call of sitesOf(file.unit, file.semantics).calls) {
      const waits = asyncForEach(call);
      if (!waits) continue;
      report(
        detachedReport(file, {
          rule: 'async-foreach',
          node: call,
          token: callToken(call),
          severity: 'info',
          confidence: 'likely',
          message: {
            what: '`forEach` does not wait for its async callback',
            why: 'all elements are worked on at once, nobody knows when they are done, and a failure reaches nobody',
            remedy: 'use `for … of` with `await`, or `await Promise.all(list.map(…))`',
          },
          kind: 'task',
          fixes: fixes(file, call),
          steps: [
            { node: callToken(call), label: 'goes on at once' },
            { node: waits, label: 'waits here, with nobody behind it' },
          ],
        }),
      );
    }
  },
};
