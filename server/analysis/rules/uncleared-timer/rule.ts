import { lostTimers } from '../../detachment/lostTimers.ts';
import { overlap } from '../../detachment/overlaps.ts';
import { callToken, detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { timerReport } from '../../detachment/timerReport.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unclearedTimer: Rule = {
  id: 'uncleared-timer',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a timer or interval that goes on when nobody needs it any more, or that nobody can stop',
  patterns: ['D03', 'D06', 'D09', 'D16'],
  triggers: ['setInterval', 'setTimeout'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const lost of lostTimers(file)) {
      if (lost.loss.kind !== 'race') report(timerReport('uncleared-timer', file, lost, fixes(file, lost)));
    }
    for (const timer of sitesOf(file.unit, file.semantics).timers) {
      const wait = overlap(timer, file.semantics);
      if (!wait) continue;
      report(
        detachedReport(file, {
          rule: 'uncleared-timer',
          node: timer.call,
          token: callToken(timer.call),
          severity: 'info',
          confidence: 'possible',
          message: {
            what: 'this interval starts its next run before the last one is over',
            why: 'an interval does not wait for its callback: several runs work on the same things at once',
            remedy:
              'start the next run when the last one is over: `setTimeout` behind the work, or `for await` over an interval',
          },
          kind: 'interval',
          steps: [
            { node: timer.call, label: 'starts a run in each period' },
            { node: wait.node, label: `each run waits here ${wait.text}` },
          ],
        }),
      );
    }
  },
};
