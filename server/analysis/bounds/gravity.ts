import { isOfLambda } from '../contexts/lambdas.ts';
import { type Platform, placeOf, platformOf } from '../contexts/platform.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Severity } from '../finding.ts';

export interface Gravity {
  readonly severity: Severity;
  readonly confidence: Confidence;
}

/** Whether waits without an end are anybody's business where the code runs. */
export function isGrave(file: FileAnalysis): boolean {
  return !file.isTestCode && platformOf(file) !== 'browser';
}

/** How grave a wait without an end is where the code runs; `undefined`: it is nobody's business. */
export function gravityOf(file: FileAnalysis): Gravity | undefined {
  if (!isGrave(file)) return undefined;
  const own = gravities[placeOf(file)];
  const gravity = own?.severity === 'warning' && isOfLambda(file.semantics, file.unit) ? ended : own;
  // In an editor, a click waits, and the next one does not wait for it.
  const isClicked = gravity?.severity === 'info' && file.program.host.environment(file.unit.path).role === 'extension';
  return isClicked ? { ...gravity, confidence: 'possible' } : gravity;
}

/** The platform ends the wait, together with what waits, before long. */
const ended: Gravity = { severity: 'info', confidence: 'likely' };

const gravities: Readonly<Record<Platform, Gravity | undefined>> = {
  browser: undefined,
  // Whoever started it watches it, and ends it.
  script: { severity: 'info', confidence: 'possible' },
  command: { severity: 'info', confidence: 'likely' },
  server: { severity: 'warning', confidence: 'proven' },
  unknown: { severity: 'warning', confidence: 'likely' },
};
