import type ts from 'typescript';
import { callToken, detachedReport, type Step } from '../../detachment/report.ts';
import { sitesOf } from '../../detachment/sites.ts';
import { type FanOut, fanOut, abandonedSiblings as siblingsOf } from '../../detachment/strictPatterns.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
import { shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

export const abandonedSiblings: Rule = {
  id: 'abandoned-siblings',
  family: 'detached',
  preset: 'strict',
  severity: 'info',
  summary: 'parallel work that goes on when one part of it has failed',
  patterns: ['D13', 'D19'],
  triggers: ['Promise.all'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const call of sitesOf(file.unit, file.semantics).calls) {
      const many = fanOut(call, file);
      if (many) report(fanOutReport(file, call, many));
      const siblings = siblingsOf(call, file);
      const [first, second] = siblings;
      if (!first || !second) continue;
      report(siblingsReport(file, call, first, second));
    }
  },
};

function siblingsReport(file: FileAnalysis, call: ts.CallExpression, first: ts.Node, second: ts.Node): Report {
  return reportOn(
    file,
    call,
    {
      what: 'when one of these fails, the others go on for nobody',
      why: '`Promise.all` rejects at once and stops nothing; their connections stay in use until they are done',
      remedy: 'give all of them one signal, and abort it when the first fails',
    },
    [
      { node: first, label: 'when this fails, the wait is over' },
      { node: second, label: 'this could be aborted, and goes on' },
    ],
  );
}

function fanOutReport(file: FileAnalysis, call: ts.CallExpression, { list, work }: FanOut): Report {
  const elements = `\`${shortText(list, 30)}\``;
  return reportOn(
    file,
    call,
    {
      what: `as many of these go out at once as ${elements} has elements`,
      why: 'a long list takes every connection, and when one fails the others go on for nobody',
      remedy: 'go through the list in batches or with a limiter, and give all of them one signal',
    },
    [
      { node: list, label: 'nothing says how many these are' },
      { node: work, label: 'begins for each of them at once' },
    ],
  );
}

function reportOn(file: FileAnalysis, call: ts.CallExpression, message: Message, steps: readonly Step[]): Report {
  return detachedReport(file, {
    rule: 'abandoned-siblings',
    node: call,
    token: callToken(call),
    severity: 'info',
    confidence: 'likely',
    message,
    kind: 'task',
    steps,
  });
}
