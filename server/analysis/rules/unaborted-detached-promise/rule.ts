import { startToken, workName } from '../../detachment/detachment.ts';
import { isRepeated } from '../../detachment/repetition.ts';
import { detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { looseTask } from '../../detachment/tasks.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const unabortedDetachedPromise: Rule = {
  id: 'unaborted-detached-promise',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'long work that is started and let go, and that nobody can abort',
  patterns: ['D01', 'D02'],
  triggers: ['setTimeout'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (file.isTestCode) return;
    for (const call of sitesOf(file.unit, file.semantics).calls) {
      const found = looseTask(call, file);
      if (!found) continue;
      const { frequency, wait } = found;
      const again = isRepeated(frequency) ? `, and one more is started with every ${frequency.each}` : '';
      report(
        detachedReport(file, {
          rule: 'unaborted-detached-promise',
          node: call,
          token: startToken(call),
          severity: 'warning',
          confidence: found.confidence,
          message: {
            what: `nobody waits for ${workName(call)} and nobody can abort it: it goes on ${wait.text}`,
            why: `it outlives its cause with everything that it holds${again}`,
            remedy: `pass it a signal that is aborted when its cause ends${found.reported ? '' : ', and report its failure with `.catch()`'}`,
          },
          kind: 'task',
          fixes: fixes(file, call),
          steps: [
            { node: startToken(call), label: 'started here and let go' },
            { node: wait.node, label: `waits ${wait.text}` },
            ...(isRepeated(frequency) ? frequency.steps : []),
          ],
        }),
      );
    }
  },
};
