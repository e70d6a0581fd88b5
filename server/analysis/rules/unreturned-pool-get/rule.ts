import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { ownershipReport } from '../../ownership/report.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unreturnedPoolGet: Rule = {
  id: 'unreturned-pool-get',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a pooled client, connection or lock that is not given back on every path',
  patterns: ['P01', 'P02', 'P03', 'P04', 'P05', 'P06', 'P08', 'P13', 'P17', 'P19', 'P20', 'P26', 'P27', 'P30'],
  // What is known by its use alone stands in files that name no library.
  triggers: ['~release', '~unlock', '~free'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      if (solved.obligation.acquisition.duty !== 'pooled') continue;
      const found = ownershipReport('unreturned-pool-get', file, solved);
      if (found) report({ ...found, fixes: fixes(file, solved) });
    }
  },
};
