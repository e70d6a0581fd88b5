import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { MisusePath } from '../../ownership/explore.ts';
import { misuseReport } from '../../ownership/misuseReport.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import { wrongUsing } from '../../ownership/wrongUsing.ts';
import { memberName, strip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const releasedTooEarly: Rule = {
  id: 'released-too-early',
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a pooled client or lock that is still needed when it is given back, or given back twice',
  patterns: ['P28', 'P31', 'P32', 'P33'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      const using = wrongUsing('released-too-early', file, solved);
      if (using) report(using);
      if (solved.obligation.acquisition.duty !== 'pooled') continue;
      for (const misuse of solved.misuses()) {
        if (isHarmless(misuse, solved)) continue;
        const found = misuseReport('released-too-early', file, solved, misuse);
        report({ ...found, fixes: fixes(file, misuse) });
      }
    }
  },
};

/**
 * What only a call that hardly ever throws could bring about, what a call did that only looks like the release, and a
 * second release that does nothing.
 */
function isHarmless({ kind, unlikely, release, call }: MisusePath, { obligation }: SolvedObligation): boolean {
  const { again, discharges, preferred } = obligation.acquisition;
  const name = nameOf(release);
  const preferredName = 'name' in preferred ? preferred.name : undefined;
  if (unlikely || (name !== undefined && !discharges.some((d) => 'name' in d && d.name === name))) return true;
  // A releaser is there to be called: asking the lock itself, who holds it now, is no use of what was lent.
  if (kind === 'used' && preferred.by === 'call') return true;
  if (kind !== 'again') return false;
  return again === undefined || [name, nameOf(call)].some((n) => n !== undefined && n !== preferredName);
}

/** The name of the method that is called; a releaser has none. */
function nameOf(node: ts.Node): string | undefined {
  return ts.isCallExpression(node) ? memberName(strip(node.expression)) : undefined;
}
