import { forgottenChannel as whyForgotten } from '../../detachment/channels.ts';
import { detachedReport } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';

export const forgottenChannel: Rule = {
  id: 'forgotten-channel',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a `for await` over something that never ends and that nobody ends',
  patterns: ['D17', 'L10'],
  triggers: ['for await'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const loop of sitesOf(file.unit, file.semantics).loops) {
      const found = whyForgotten(loop, file);
      if (!found) continue;
      const { takesSignal, start } = found;
      report(
        detachedReport(file, {
          rule: 'forgotten-channel',
          node: found.loop,
          token: found.loop.expression,
          severity: 'warning',
          confidence: found.confidence,
          message: {
            what: `this loop waits for ${found.source}`,
            why: 'it has no `break` and no signal: the task and everything that it holds stay as long as the process lives',
            remedy: takesSignal
              ? 'pass `{ signal }` and abort it when its owner ends'
              : 'close the source when its owner ends',
          },
          kind: 'task',
          steps: [
            ...(start ? [{ node: start, label: 'nobody waits for the task that is started here' }] : []),
            { node: found.loop.expression, label: 'never ends by itself' },
            { node: found.loop.statement, label: 'nothing in here leaves the loop' },
          ],
        }),
      );
    }
  },
};
