import type { Finding, Span } from './finding.ts';

/** What became of an acquisition: makes "no findings" mean something. */
export type Verdict = 'proven' | 'transferred' | 'unknown' | 'leaking';

/** One acquisition that was seen, with what the analysis decided and why. */
export interface AcquisitionRecord {
  readonly span: Span;
  readonly acquire: string;
  readonly verdict: Verdict;
  /** Why it is unknown or where it went, in a few words. */
  readonly reason: string | undefined;
}

/** A suppression comment that suppressed nothing, or that is malformed. */
export interface SuppressionProblem {
  readonly span: Span;
  readonly message: string;
}

export interface FileResult {
  readonly path: string;
  /** Sorted by start, then rule. Suppressed ones are included and marked. */
  readonly findings: readonly Finding[];
  readonly acquisitions: readonly AcquisitionRecord[];
  readonly suppressionProblems: readonly SuppressionProblem[];
}

export interface Coverage {
  readonly acquisitions: number;
  readonly proven: number;
  readonly transferred: number;
  readonly unknown: number;
  readonly leaking: number;
}
