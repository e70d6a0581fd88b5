import type { WorkspaceEdit } from './edit.ts';

export const families = ['signals', 'pools', 'sockets', 'detached'] as const;
export type Family = (typeof families)[number];

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/**
 * How sure the analysis is. `proven`: the acquisition was identified by its declaration or by import
 * evidence and every step of the witness was understood. `likely`: one step rests on a convention.
 * `possible`: reported by the `strict` preset only.
 */
const confidences = ['proven', 'likely', 'possible'] as const;
export type Confidence = (typeof confidences)[number];

/** `safe` fixes keep the behaviour of every path that already released; all others are suggestions. */
export type FixSafety = 'safe' | 'suggestion';

/** A half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One labelled place on the path from the acquisition to the exit. */
export interface WitnessStep {
  readonly path: string;
  readonly span: Span;
  readonly label: string;
}

/** What is leaked: the library's name for it, in the words of its resource model. */
export interface ResourceName {
  readonly library: string;
  readonly kind: string;
  readonly acquire: string;
}

/** A fix as offered; `build` is called only when somebody asks for the edits. */
export interface Fix {
  readonly title: string;
  readonly safety: FixSafety;
  readonly build: () => WorkspaceEdit | undefined;
}

export interface Message {
  /** What happens. */
  readonly what: string;
  /** Why it hurts. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a rule reports. The engine adds severity overrides, fingerprint and suppression. */
export interface Report {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: Message;
  readonly path: string;
  /** On one line: the acquiring call's callee name. */
  readonly span: Span;
  readonly resource: ResourceName;
  /** Never empty; the first step is the acquisition, the last one the exit. */
  readonly witness: readonly WitnessStep[];
  readonly fixes: readonly Fix[];
  /** Qualified name of the enclosing function, e.g. `Orders.place`; `<module>` at top level. */
  readonly enclosing: string;
  /** The acquiring expression without white space, for the fingerprint. */
  readonly acquisition: string;
}

export interface Suppression {
  readonly by: 'comment';
  readonly reason: string | undefined;
}

/** A report that passed configuration and suppression. */
export interface Finding extends Report {
  readonly family: Family;
  readonly fingerprint: string;
  readonly suppressed: Suppression | undefined;
}
