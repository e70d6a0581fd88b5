import { detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { uselessController as signalOf } from '../../detachment/strictPatterns.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';

export const uselessController: Rule = {
  id: 'useless-controller',
  family: 'detached',
  preset: 'strict',
  severity: 'info',
  summary: 'an AbortController that nobody aborts',
  patterns: ['D15'],
  triggers: ['AbortController'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const made of sitesOf(file.unit, file.semantics).controllers) {
      const signal = signalOf(made, file);
      if (!signal) continue;
      report(
        detachedReport(file, {
          rule: 'useless-controller',
          node: made,
          token: made.expression,
          severity: 'info',
          confidence: 'proven',
          message: {
            what: 'nobody ever aborts this controller',
            why: 'the work that got its signal looks as if it could be stopped, and cannot',
            remedy: 'call `abort()` when its cause ends, or use `AbortSignal.timeout()`',
          },
          kind: 'controller',
          steps: [
            { node: made.expression, label: 'made here' },
            { node: signal, label: 'only its signal is used' },
          ],
        }),
      );
    }
  },
};
