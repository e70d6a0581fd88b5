import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { ownershipReport } from '../../ownership/report.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unfinishedTransaction: Rule = {
  id: 'unfinished-transaction',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a transaction that is neither committed nor rolled back on some path',
  patterns: ['P07'],
  // What is known by its use alone stands in files that name no library.
  triggers: ['.commit'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      if (solved.obligation.acquisition.duty !== 'transaction') continue;
      const found = ownershipReport('unfinished-transaction', file, solved);
      if (found) report({ ...found, fixes: fixes(file, solved) });
    }
  },
};
