import type { Severity } from '../analysis/finding.ts';
import type { CheckOutcome } from '../project/engine/protocol.ts';
import type { CheckOptions } from './checkOptions.ts';

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** 0: nothing at or above the threshold; 1: findings; 2: the tool could not do its work. */
export function exitStatus(outcome: CheckOutcome, options: CheckOptions): 0 | 1 | 2 {
  if (outcome.errors.some((error) => error.fatal)) return 2;
  const findings = outcome.findings.filter((finding) => finding.suppressed === undefined);
  if (findings.some((finding) => ranks[finding.severity] >= ranks[options.threshold])) return 1;
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  if (options.maxWarnings !== undefined && warnings > options.maxWarnings) return 1;
  return options.unusedSuppressions === 'error' && outcome.suppressionProblems.length > 0 ? 1 : 0;
}
