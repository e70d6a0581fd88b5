import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { ownershipReport } from '../../ownership/report.ts';
import type { Rule } from '../rule.ts';
import { droppedReport } from './dropped.ts';
import { fixes } from './fix.ts';

export const unclosedHandle: Rule = {
  id: 'unclosed-handle',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a connection, cursor, file or other handle that is not closed on every path',
  patterns: ['P09', 'P10', 'P14', 'P18', 'P21', 'P22', 'P23', 'P29', 'P34'],
  // What is known by its use alone stands in files that name no library.
  triggers: ['~close', '~disconnect', '~endSession', '~logout', '~unmount', '.end'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      if (solved.obligation.acquisition.duty !== 'handle') continue;
      const found = ownershipReport('unclosed-handle', file, solved);
      if (found) report({ ...found, fixes: fixes(file, solved) });
      else {
        const dropped = droppedReport(file, solved);
        if (dropped) report(dropped);
      }
    }
  },
};
