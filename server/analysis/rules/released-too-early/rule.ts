import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { MisusePath } from '../../ownership/explore.ts';
import { misuseReport } from '../../ownership/misuseReport.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const releasedTooEarly: Rule = {
  id: 'released-too-early',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a pooled client or lock that is still needed when it is given back, or given back twice',
  patterns: ['P28', 'P31', 'P32'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      if (solved.obligation.acquisition.duty !== 'pooled') continue;
      for (const misuse of solved.misuses()) {
        if (isHarmless(misuse, solved)) continue;
        const found = misuseReport('released-too-early', file, solved, misuse);
        report({ ...found, fixes: fixes(file, misuse) });
      }
    }
  },
};

/** A second release that does nothing, and what only a call that hardly ever throws could bring about. */
function isHarmless({ kind, unlikely }: MisusePath, { obligation }: SolvedObligation): boolean {
  return unlikely || (kind === 'again' && obligation.acquisition.again === undefined);
}
