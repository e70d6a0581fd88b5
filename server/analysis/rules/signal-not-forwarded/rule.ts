import { callToken, detachedReport } from '../../detachment/report.ts';
import { unforwardedSignals } from '../../detachment/signals.ts';
import { sitesOf } from '../../detachment/sites.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { forwardSignal } from './fix.ts';

export const signalNotForwarded: Rule = {
  id: 'signal-not-forwarded',
  family: 'detached',
  preset: 'strict',
  severity: 'warning',
  summary: 'a function that has an AbortSignal waits for a call that takes one and does not get it',
  patterns: ['D11'],
  triggers: ['AbortSignal', 'signal'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (file.isTestCode) return;
    for (const found of unforwardedSignals(file, sitesOf(file.unit, file.semantics).calls)) {
      const { call, signal, place } = found;
      const name = shortText(call.expression, 40);
      report(
        detachedReport(file, {
          rule: 'signal-not-forwarded',
          node: call,
          token: callToken(call),
          severity: 'warning',
          confidence: place.as === 'either' ? 'likely' : 'proven',
          message: {
            what: `\`${name}\` could be aborted, but \`${signal.text}\` is not passed on to it`,
            why: 'after an abort the caller still waits for it, and its connection and memory stay in use',
            remedy: `pass \`${signal.text}\` on`,
          },
          kind: 'wait',
          steps: [
            { node: signal.declaration, label: 'the signal comes in here' },
            { node: callToken(call), label: 'this wait does not hear of it' },
          ],
          fixes: forwardSignal(file, found),
        }),
      );
    }
  },
};
