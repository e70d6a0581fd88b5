import { deafHandler, handlersIn } from '../../detachment/disconnects.ts';
import { detachedReport } from '../../detachment/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const noAbortOnDisconnect: Rule = {
  id: 'no-abort-on-disconnect',
  family: 'detached',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a request handler whose long work goes on after the client has left',
  patterns: ['D10'],
  triggers: [
    ...['res.write', 'resp.write', 'response.write', 'reply.raw.write', 'ctx.res.write', 'stream.write'],
    ...['.enqueue', 'setTimeout'],
  ],
  check(file: FileAnalysis, report: (report: Report) => void) {
    if (file.isTestCode) return;
    for (const handler of handlersIn(file)) {
      const found = deafHandler(handler, file);
      if (!found) continue;
      const { response, work, kind, text } = found;
      const [name] = response.split('.');
      const parameter = handler.parameters.find((it) => it.name.getText() === name) ?? handler;
      report(
        detachedReport(file, {
          rule: 'no-abort-on-disconnect',
          node: work,
          severity: 'warning',
          confidence: found.confidence,
          message: {
            what:
              kind === 'stream'
                ? `this loop goes on ${response ? `writing to \`${response}\`` : 'filling its stream'} after the client has left`
                : `this request waits ${text} although the client may have left`,
            why: 'nothing tells the work that nobody is there any more; it is done for every client that gave up',
            remedy: !response
              ? 'give the stream a `cancel()` that aborts a controller, and pass its signal on'
              : `abort a controller in \`${response}.once('close', …)\` unless \`${response}.writableEnded\`, and pass its signal on`,
          },
          kind: 'request',
          fixes: fixes(file, found),
          steps: [
            { node: parameter, label: 'the client can leave at any time' },
            { node: work, label: 'the work does not hear of it' },
          ],
        }),
      );
    }
  },
};
