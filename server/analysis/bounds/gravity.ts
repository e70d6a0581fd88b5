import { platformOf } from '../contexts/platform.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Severity } from '../finding.ts';

/** How grave a wait without an end is where the code runs; `undefined`: it is nobody's business. */
export function gravityOf(file: FileAnalysis): { severity: Severity; confidence: Confidence } | undefined {
  if (file.isTestCode) return undefined;
  const { host } = file.program;
  switch (platformOf(file, host.environment(file.unit.path).platform)) {
    case 'browser':
      return undefined;
    case 'script':
      return { severity: 'info', confidence: 'likely' };
    case 'server':
      return { severity: 'warning', confidence: 'proven' };
    default:
      return { severity: 'warning', confidence: 'likely' };
  }
}
