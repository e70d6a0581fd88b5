import ts from 'typescript';
import { spanOf } from '../../contexts/repeated.ts';
import { diesWithRun } from '../../contexts/report.ts';
import { type DroppedSubscription, droppedSubscription } from '../../contexts/subscriptions.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, WitnessStep } from '../../finding.ts';
import { callsIn } from '../../syntax/nodes.ts';
import { calleeName, qualifiedName, shortText } from '../../syntax/tree.ts';

/** Subscriptions of a component that nothing ends. */
export function subscriptionReports(file: FileAnalysis): readonly Report[] {
  const { unit } = file;
  if (!/\.subscribe\(/.test(unit.text) || !/@(?:Component|Directive)\(/.test(unit.text)) return [];
  const found: Report[] = [];
  for (const call of callsIn(unit.file)) {
    const dropped =
      ts.isCallExpression(call) && calleeName(call)?.text === 'subscribe' ? droppedSubscription(call) : undefined;
    if (dropped && !file.contexts.rootComponents.contains(call)) found.push(reportOf(file, dropped));
  }
  return found;
}

function reportOf(file: FileAnalysis, { call, token, stream, end, sibling }: DroppedSubscription): Report {
  const { path } = file.unit;
  const text = shortText(stream, 40);
  const steps: WitnessStep[] = [{ path, span: spanOf(token), label: 'what would end the subscription is dropped' }];
  if (sibling)
    steps.push({ path, span: spanOf(sibling), label: 'another subscription ends here, and this one does not' });
  if (end) steps.push({ path, span: spanOf(end), label: 'the component goes here' });
  return {
    rule: 'listener-outlives-owner',
    severity: diesWithRun(file) ? 'info' : 'warning',
    confidence: diesWithRun(file) ? 'possible' : 'likely',
    message: {
      what: `every component that is created subscribes to \`${text}\` for good`,
      why: 'the stream lives on: it keeps the component, with all that it reaches, and goes on calling it',
      remedy:
        'end it with the component: `takeUntilDestroyed()`, `takeUntil(…)`, or keep the subscription and unsubscribe',
    },
    path,
    span: spanOf(token),
    resource: { library: 'javascript', kind: 'subscription', acquire: 'subscribe' },
    witness: steps,
    fixes: [],
    enclosing: qualifiedName(call),
    acquisition: `${shortText(stream, 80)}.subscribe`.replace(/\s+/g, ''),
  };
}
