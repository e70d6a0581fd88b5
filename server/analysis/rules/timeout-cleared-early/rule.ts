import { clearedEarly } from '../../bounds/clearedEarly.ts';
import { isLetGo } from '../../bounds/occasion.ts';
import { waitReport } from '../../bounds/report.ts';
import { waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import type { Wait } from '../../resources/model.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'timeout-cleared-early';

export const timeoutClearedEarly: Rule = {
  id,
  family: 'sockets',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a timeout that is cleared when the headers are there and the body is not',
  patterns: ['T09'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const { path } = file.unit;
    for (const judged of waitsOf(file)) {
      const early = judged.wait.of === 'request' ? clearedEarly(file, judged) : undefined;
      if (!early) continue;
      const { timer, clear, read } = early;
      const found = waitReport(file, judged, {
        rule: id,
        message: {
          what: read
            ? 'the timeout is cleared before the body is read'
            : 'the timeout is cleared before the caller reads the body',
          why: `the headers come at once from a server that then stalls: ${waitFor(judged.wait)}, and the code looks as if it had a limit`,
          remedy: 'clear it after the body is read, or pass `AbortSignal.timeout(…)`, which covers both',
        },
        span: acquisitionSpan(clear),
        ...(isLetGo(file.semantics, judged.call) && { severity: 'info' as const }),
        // Callers of a helper may bound the body themselves. The headers came in time, and nobody may wait for the rest.
        confidence: read && !isLetGo(file.semantics, judged.call) ? 'likely' : 'possible',
        steps: [
          { path, span: acquisitionSpan(timer), label: 'the timeout starts here' },
          { path, span: acquisitionSpan(judged.call), label: 'it bounds this request' },
          { path, span: acquisitionSpan(clear), label: 'it is cleared here' },
          ...(read ? [{ path, span: lineSpan(read), label: 'the body is read here, without that limit' }] : []),
        ],
        fixes: fixes(file, early),
      });
      if (found) report(found);
    }
  },
};

/** How long the wait for the body then lasts. */
const waitFor = ({ patienceMs }: Wait): string =>
  patienceMs === undefined
    ? 'nothing limits the wait for the body'
    : 'the wait for the body lasts minutes, and for ever when bytes trickle in';
