import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { ownershipReport } from '../../ownership/report.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unconsumedBody: Rule = {
  id: 'unconsumed-body',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'the body of a response that is neither read nor cancelled on every path',
  patterns: ['P12'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      if (solved.obligation.acquisition.duty !== 'body') continue;
      const found = ownershipReport('unconsumed-body', file, solved);
      if (found) report({ ...found, fixes: fixes(file, solved) });
    }
  },
};
