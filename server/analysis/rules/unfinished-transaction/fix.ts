import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';

export function fixes(_file: FileAnalysis, _solved: SolvedObligation): readonly Fix[] {
  return [];
}
