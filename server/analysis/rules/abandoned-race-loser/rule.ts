import { lostTimers } from '../../detachment/lostTimers.ts';
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
  },
};
