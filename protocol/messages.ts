/**
 * What Leakproof's server and its clients say to each other beyond the Language Server Protocol. A client that knows none
 * of this works all the same. All that both sides share: neither imports the other.
 */

/** A place in a text as the protocol has it: lines and UTF-16 columns from 0. */
export interface TracePosition {
  readonly line: number;
  readonly character: number;
}

export interface TraceRange {
  readonly start: TracePosition;
  readonly end: TracePosition;
}

/** Notification to the client: what the server is doing, or why it shows nothing. */
export const statusNotification = 'leakproof/status';
export interface StatusParams {
  /** The document that is meant; `null`: the server as a whole. */
  readonly uri: string | null;
  readonly state: 'busy' | 'ready' | 'warning' | 'error';
  readonly findings: number;
  readonly durationMs: number;
  readonly configPath: string | null;
  /** Who answers questions about types; `pending`: nobody yet, so that only what needs no types is shown. */
  readonly backend: 'native' | 'typescript6' | 'none' | 'pending';
  readonly version: string;
  /** Why nothing is shown, or what is wrong. */
  readonly reason: string | null;
}

/** Request: the page about a rule. */
export const explainRequest = 'leakproof/explain';
export interface ExplainParams {
  readonly rule: string;
}
export interface ExplainResult {
  readonly markdown: string | null;
}

/** Request: the rules there are. */
export const rulesRequest = 'leakproof/rules';
export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
  readonly family: string;
}
export interface RulesResult {
  readonly rules: readonly RuleSummary[];
}

/** Request: the path of the finding at a position, or nearest to it on its line. */
export const traceRequest = 'leakproof/trace';
export interface TraceParams {
  readonly uri: string;
  readonly position: TracePosition;
}
export interface TraceStep {
  readonly uri: string;
  readonly range: TraceRange;
  readonly label: string;
}
/** A witness: the way from the acquisition to the exit. */
export interface Trace {
  readonly title: string;
  readonly steps: readonly TraceStep[];
}
export type TraceResult = Trace | null;

/** Request: checks every file of the workspace. Reports work-done progress and can be cancelled. */
export const checkWorkspaceRequest = 'leakproof/checkWorkspace';
export interface CheckWorkspaceParams {
  readonly workDoneToken?: string | number;
}
export interface CheckWorkspaceResult<Diagnostic = unknown> {
  /** How many files were looked at. */
  readonly files: number;
  readonly findings: number;
  /** The files that could not be checked. */
  readonly errors: readonly { readonly uri: string; readonly message: string }[];
  readonly items: readonly { readonly uri: string; readonly diagnostics: Diagnostic[] }[];
}

/** Request: creates a leakproof.jsonc in a folder. Never overwrites. */
export const createConfigRequest = 'leakproof/createConfig';
export interface CreateConfigParams {
  readonly folderUri: string;
}
export interface CreateConfigResult {
  readonly uri: string;
  readonly created: boolean;
  readonly message: string;
}

/** Request: writes the health module and its alerts into a folder. Never overwrites. */
export const addHealthRequest = 'leakproof/addHealth';
export interface AddHealthParams {
  readonly folderUri: string;
}
export interface AddHealthResult {
  /** The files that were written, the module first. */
  readonly uris: readonly string[];
  /** Why none was. */
  readonly refused: string | null;
}

/** Request: versions, configuration, timings and back-end, as text for a bug report. */
export const reportRequest = 'leakproof/diagnosticsReport';
export interface ReportParams {
  readonly uri: string | null;
}
export interface ReportResult {
  readonly text: string;
}
