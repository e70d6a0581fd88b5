import ts from 'typescript';
import { literal } from '../../bounds/deadline.ts';
import { waitReport } from '../../bounds/report.ts';
import { briefMs } from '../../bounds/units.ts';
import type { Armed } from '../../bounds/valueBounds.ts';
import { waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, Span } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import { contains, some } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'timeout-without-destroy';

export const timeoutWithoutDestroy: Rule = {
  id,
  family: 'sockets',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a timeout whose end only emits an event, and nothing destroys the socket or request',
  patterns: ['T03', 'T16'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const { path } = file.unit;
    // One timer may stand for two ways of connecting.
    const told = new Set<ts.Node>();
    for (const judged of waitsOf(file)) {
      // Of several, the one that acts and does not end it.
      const armed = judged.toothless.find(({ handler }) => handler) ?? judged.toothless[0];
      if (!armed || judged.missing.length === 0 || told.has(armed.node)) continue;
      told.add(armed.node);
      const { kind } = judged.wait;
      const set = spanOf(armed.node);
      // What is given far away is repaired where it is waited.
      const isNear = ts.isCallExpression(armed.node) || contains(judged.call, armed.node);
      const started = { path, span: acquisitionSpan(judged.call), label: `the ${kind} starts here` };
      const arms = {
        path: armed.node.getSourceFile() === file.unit.file ? path : armed.node.getSourceFile().fileName,
        span: set,
        label: 'the timer is set here: its end only emits `timeout`',
      };
      const acts = armed.handler && {
        path,
        span: lineSpan(armed.handler),
        label: `this runs then and leaves the ${kind} as it is`,
      };
      const found = waitReport(file, judged, {
        rule: id,
        message: {
          what: `when this timeout expires nothing destroys the ${kind}`,
          why: `Node only emits the event \`timeout\`: the socket stays open${settles(armed) ? ', although the caller is let go' : ' and whoever waits for it goes on waiting'}`,
          remedy: remedyOf(kind, armed),
        },
        span: isNear ? set : acquisitionSpan(judged.call),
        steps: [started, arms, ...(acts ? [acts] : [])],
        fixes: fixes(file, judged, armed),
      });
      if (found) report(found);
    }
  },
};

/** Whether the handler tells whoever waits: it rejects a promise or calls back. */
function settles({ handler }: Armed): boolean {
  const settlers = /^(?:reject|resolve|cb|callback|done|next|rej|fail)$/;
  return handler !== undefined && some(handler, (node) => ts.isIdentifier(node) && settlers.test(node.text));
}

/** The name of the option, or of the method that sets the timer. */
function spanOf(node: ts.Expression): Span {
  if (ts.isCallExpression(node)) return acquisitionSpan(node);
  const { parent } = node;
  return ts.isPropertyAssignment(parent) ? lineSpan(parent.name) : lineSpan(node);
}

function remedyOf(kind: string, armed: Armed): string {
  const destroy = `destroy the ${kind} in a handler of \`timeout\``;
  const ms = briefMs(armed);
  if (ms === undefined) return destroy;
  return `${ms} are milliseconds: write ${literal(ms * 1000)} if seconds are meant, ${destroy}, and lift the limit with \`setTimeout(0)\` once the ${kind} may be silent`;
}
