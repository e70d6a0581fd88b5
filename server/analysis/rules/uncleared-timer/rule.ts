import { lostTimers } from '../../detachment/lostTimers.ts';
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
  },
};
