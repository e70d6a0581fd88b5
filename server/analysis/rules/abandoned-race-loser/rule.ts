import { abandonedWork } from '../../detachment/abandonedWork.ts';
import { lostTimers } from '../../detachment/lostTimers.ts';
import { callToken, detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { timerReport } from '../../detachment/timerReport.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const abandonedRaceLoser: Rule = {
  id: 'abandoned-race-loser',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a race against a timer that leaves the timer or the work running',
  patterns: ['D03', 'D04'],
  triggers: ['Promise.race'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const lost of lostTimers(file)) {
      if (lost.loss.kind === 'race') report(timerReport('abandoned-race-loser', file, lost, fixes(file, lost)));
    }
    // A test that is late has failed, and ends.
    if (file.isTestCode) return;
    for (const race of sitesOf(file.unit, file.semantics).races) {
      const work = abandonedWork(race, file);
      const [deadline] = race.deadlines;
      if (!work || !deadline) continue;
      report(
        detachedReport(file, {
          rule: 'abandoned-race-loser',
          node: work,
          token: callToken(work),
          severity: 'info',
          // The caller knows that it is late, and often nothing more is wanted.
          confidence: 'possible',
          message: {
            what: 'this work goes on when the timer wins',
            why: '`Promise.race` stops nothing: its connections stay in use for an answer that nobody reads',
            remedy: 'pass it `AbortSignal.timeout(ms)`, which takes the place of the race',
          },
          kind: 'task',
          steps: [
            { node: deadline.element, label: 'when this wins, the wait is over' },
            { node: work, label: 'this could be aborted, and goes on' },
          ],
        }),
      );
    }
  },
};
