import ts from 'typescript';
import { registrationsOf } from '../../contexts/registrations.ts';
import { sameEmitter } from '../../contexts/removals.ts';
import { spanOf } from '../../contexts/repeated.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, WitnessStep } from '../../finding.ts';
import { callAndAssignmentKinds, walkKinds } from '../../syntax/nodes.ts';
import { calleeName, memberName, qualifiedName, receiver, shortText, strip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

const id = 'listener-limit-silenced';

export const listenerLimitSilenced: Rule = {
  id,
  family: 'signals',
  preset: 'strict',
  severity: 'info',
  summary: 'the warning about too many listeners is switched off',
  patterns: ['L07'],
  triggers: ['setMaxListeners', 'defaultMaxListeners'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    walkKinds(file.unit.file, callAndAssignmentKinds, (node) => {
      const found = silencing(node);
      if (found) report(reportOf(file, found));
    });
  },
};

interface Silencing {
  readonly token: ts.Node;
  /** What stands for no limit. */
  readonly value: ts.Expression;
  /** Absent: all emitters. */
  readonly emitter: ts.Expression | undefined;
}

/** `bus.setMaxListeners(0)`, `setMaxListeners(Infinity, signal)`, `EventEmitter.defaultMaxListeners = 0`. */
function silencing(node: ts.Node): Silencing | undefined {
  if (ts.isCallExpression(node)) {
    const token = calleeName(node);
    const [value, target] = node.arguments;
    if (token?.text !== 'setMaxListeners' || !value || !isUnlimited(value)) return undefined;
    const base = receiver(node);
    return { token, value, emitter: target ?? base };
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const target = strip(node.left);
  if (memberName(target) !== 'defaultMaxListeners' || !isUnlimited(node.right)) return undefined;
  return { token: ts.isPropertyAccessExpression(target) ? target.name : target, value: node.right, emitter: undefined };
}

function isUnlimited(value: ts.Expression): boolean {
  return /^(?:0|Infinity|Number\.POSITIVE_INFINITY|Number\.MAX_SAFE_INTEGER|Number\.MAX_VALUE)$/.test(
    strip(value).getText(),
  );
}

function reportOf(file: FileAnalysis, { token, value, emitter }: Silencing): Report {
  const { path } = file.unit;
  const whose = emitter ? `\`${shortText(emitter, 40)}\`` : 'every emitter';
  const steps: WitnessStep[] = [{ path, span: spanOf(value), label: 'this means: no limit' }];
  const added = emitter && registrationsOf(file.unit.file).find((it) => sameEmitter(it.emitter, emitter));
  if (added) steps.push({ path, span: spanOf(added.token), label: 'listeners are added here' });
  return {
    rule: id,
    severity: 'info',
    confidence: 'likely',
    message: {
      what: `the warning about too many listeners is switched off for ${whose}`,
      why: 'it is the only sign of listeners that pile up, and nothing else will tell',
      remedy: 'find out who adds them, or set the number of listeners that are meant to be there',
    },
    path,
    span: spanOf(token),
    resource: { library: 'node', kind: 'listener limit', acquire: 'setMaxListeners' },
    witness: [{ path, span: spanOf(token), label: 'switched off here' }, ...steps],
    fixes: [],
    enclosing: qualifiedName(token),
    acquisition: whose,
  };
}
