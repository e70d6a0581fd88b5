import ts from 'typescript';
import { literal, remedyOf } from '../../bounds/deadline.ts';
import { isGrave } from '../../bounds/gravity.ts';
import { deadGuards } from '../../bounds/guards.ts';
import { guardReport, waitReport } from '../../bounds/report.ts';
import { waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import type { Rule } from '../rule.ts';
import { fixes, withoutGuard } from './fix.ts';

const id = 'ignored-option';

export const ignoredOption: Rule = {
  id,
  family: 'sockets',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a timeout option that this version of the library ignores, or a guard on one that never holds',
  patterns: ['T17'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const { path } = file.unit;
    for (const judged of waitsOf(file)) {
      const [given] = judged.ignored;
      // With a bound that works the option is only superfluous.
      if (!given || judged.missing.length === 0) continue;
      const { bound, value } = given;
      const name = ts.isPropertyAssignment(value.parent) ? value.parent.name : value;
      if (name.getSourceFile() !== file.unit.file) continue;
      const found = waitReport(file, judged, {
        rule: id,
        message: {
          what: `the option \`${bound.option}\` ${bound.ignored}`,
          why: `the ${judged.wait.kind} has no timeout at all: ${judged.wait.consequence}`,
          remedy: remedyOf(judged.wait, file.options.timeoutMs),
        },
        span: lineSpan(name),
        steps: [
          { path, span: lineSpan(name), label: 'the option is given here' },
          { path, span: acquisitionSpan(judged.call), label: `and ignored here: nothing ends the ${judged.wait.kind}` },
        ],
        fixes: fixes(file, judged, given),
      });
      if (found) report(found);
    }
    if (!isGrave(file)) return;
    for (const guard of deadGuards(file.semantics, file.unit)) {
      const { node, name, model, guarded } = guard;
      const found = guardReport(file, node, model, {
        rule: id,
        message: {
          what: `no object of ${model.library} has a property \`${name}\`: this guard is always false`,
          why: 'the limit behind it is never set, and nothing says so: a server that falls silent is waited for as if there were none',
          remedy: `give the limit as an option where it is made, or to the calls: ${literal(file.options.timeoutMs)} ms`,
        },
        span: lineSpan(node),
        steps: [
          { path, span: lineSpan(node), label: 'asked for here, and never there' },
          { path, span: lineSpan(guarded), label: 'so this never runs' },
        ],
        fixes: withoutGuard(file, guard),
      });
      if (found) report(found);
    }
  },
};
