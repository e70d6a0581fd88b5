import { whyImmortal } from '../../detachment/immortal.ts';
import { isRepeated } from '../../detachment/repetition.ts';
import { callToken, detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const immortalTask: Rule = {
  id: 'immortal-task',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'an endless loop in a task that nobody can stop',
  patterns: ['D05', 'D18'],
  triggers: ['while (true)', 'while(true)', 'while (1)', 'for (;;)', 'for(;;)'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const loop of sitesOf(file.unit, file.semantics).loops) {
      const found = whyImmortal(loop, file);
      if (!found) continue;
      const { start, end, frequency } = found;
      const again = isRepeated(frequency) ? `; one more is started with every ${frequency.each}` : '';
      report(
        detachedReport(file, {
          rule: 'immortal-task',
          node: loop,
          severity: 'warning',
          confidence: found.confidence,
          message: {
            what: 'this loop never ends: it has no `break`, no stop flag and no signal',
            why: end
              ? `it goes on after \`${end.getText()}\`, with everything that it holds${again}`
              : `nobody can stop the task, which holds everything that it mentions as long as the process lives${again}`,
            remedy: 'loop `while (!signal.aborted)` and wait with the signal',
          },
          kind: 'task',
          fixes: fixes(file, found),
          steps: [
            ...(start ? [{ node: callToken(start), label: 'the task is started here, and nobody waits for it' }] : []),
            { node: loop, label: 'loops for ever' },
            { node: found.waits, label: 'waits here, and goes on' },
            ...(end ? [{ node: end, label: 'its owner ends here, and the task goes on' }] : []),
          ],
        }),
      );
    }
  },
};
