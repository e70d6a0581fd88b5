import type { TypeBackend } from '../../analysis/facts.ts';
import type {
  Confidence,
  Family,
  FixSafety,
  Message,
  ResourceName,
  Severity,
  Suppression,
} from '../../analysis/finding.ts';
import type { Preset } from '../../analysis/options.ts';
import type { Coverage } from '../../analysis/result.ts';
import type { EditorRequest } from '../editor/protocol.ts';
import type { Position } from '../files/lineMap.ts';

export type { Position };

/** A step of a witness, placed. `path` is absolute. */
export interface LocatedStep {
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
  readonly label: string;
}

/** A finding as it leaves the engine: plain data with lines and columns. `path` is absolute. */
export interface LocatedFinding {
  readonly rule: string;
  readonly family: Family;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: Message;
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
  readonly resource: ResourceName;
  readonly witness: readonly LocatedStep[];
  readonly fixes: readonly { readonly title: string; readonly safety: FixSafety }[];
  readonly fingerprint: string;
  readonly suppressed: Suppression | undefined;
}

export type TypesMode = 'auto' | 'off' | 'required';
export type FixMode = 'safe' | 'all';

/** One run of `check`, complete: the worker reads nothing else. */
export interface CheckRequest {
  readonly cwd: string;
  /** As written on the command line. */
  readonly paths: readonly string[];
  readonly gitIgnore: boolean;
  readonly errorOnUnmatched: boolean;
  /** A text to be analysed in the place of what the disk says, instead of `paths`. */
  readonly stdin: { readonly path: string; readonly text: string } | undefined;
  /** Replaces the search for configuration. */
  readonly config: string | undefined;
  readonly preset: Preset | undefined;
  readonly types: TypesMode;
  readonly fix: { readonly mode: FixMode; readonly dryRun: boolean } | undefined;
  /** Whether to build the fixes of each finding in order to list them. */
  readonly listFixes: boolean;
  /** Whether the texts around findings are wanted, for code frames. */
  readonly sources: boolean;
}

export interface RunError {
  readonly path: string;
  readonly message: string;
  /** The tool could not do its work: exit status 2. */
  readonly fatal: boolean;
}

export interface RunNote {
  readonly path: string;
  readonly message: string;
}

export interface LocatedSuppressionProblem {
  readonly path: string;
  readonly start: Position;
  readonly message: string;
}

/** A fix that was wanted and not made, and why. */
export interface RefusedFix {
  readonly path: string;
  readonly start: Position;
  readonly rule: string;
  readonly title: string;
  readonly reason: string;
}

export interface FixSummary {
  readonly applied: number;
  /** Files changed or created; absolute. */
  readonly changed: readonly string[];
  readonly refused: readonly RefusedFix[];
  /** Whether the limit of passes was reached while fixes were left. */
  readonly exhausted: boolean;
  /** Texts before and after, for a dry run. */
  readonly changes: readonly FileChange[];
}

export interface FileChange {
  readonly path: string;
  /** `undefined`: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface Timings {
  /** Milliseconds by phase, in the order of the phases. */
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
  readonly slowest: readonly { readonly path: string; readonly ms: number }[];
}

/** The result of one run. Sorted; every path absolute. */
export interface CheckOutcome {
  readonly backend: TypeBackend;
  readonly findings: readonly LocatedFinding[];
  readonly coverage: Coverage;
  readonly seen: number;
  readonly parsed: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly errors: readonly RunError[];
  /** Remarks that are no part of the result. */
  readonly warnings: readonly RunNote[];
  readonly suppressionProblems: readonly LocatedSuppressionProblem[];
  readonly fixes: FixSummary | undefined;
  readonly sources: Readonly<Record<string, string>>;
  readonly timings: Timings;
  readonly durationMs: number;
}

export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** What the main thread asks of the worker. */
export type EngineRequest =
  | { readonly kind: 'check'; readonly id: number; readonly request: CheckRequest }
  | EditorRequest
  | { readonly kind: 'close' };

/** What the worker tells the main thread. */
export type EngineMessage =
  | { readonly kind: 'done'; readonly id: number; readonly outcome: CheckOutcome }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack: string | undefined }
  | { readonly kind: 'progress'; readonly progress: Progress };
