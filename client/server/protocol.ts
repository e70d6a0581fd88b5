import type { Diagnostic, Location, Position, WorkDoneProgressParams } from 'vscode-languageclient/node';
import { NotificationType, RequestType } from 'vscode-languageclient/node';

/** What the server tells of a file, or of itself where there is no `uri`. */
export interface ServerStatus {
  readonly uri: string | null;
  readonly state: 'busy' | 'ready' | 'warning' | 'error';
  readonly findings: number;
  readonly durationMs: number;
  readonly configPath: string | null;
  readonly backend: 'native' | 'typescript6' | 'none' | 'pending';
  readonly version: string;
  /** Why nothing is shown, or what is wrong. */
  readonly reason: string | null;
}

export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
  readonly family: string;
}

export interface TraceStep extends Location {
  readonly label: string;
}

/** A witness: the way from the acquisition to the exit. */
export interface Trace {
  readonly title: string;
  readonly steps: readonly TraceStep[];
}

export interface WorkspaceResult {
  readonly files: number;
  readonly findings: number;
  /** The files that could not be checked. */
  readonly errors: readonly { readonly uri: string; readonly message: string }[];
  readonly items: readonly { readonly uri: string; readonly diagnostics: Diagnostic[] }[];
}

/** The messages beyond the protocol of language servers. The server has the same list. */
export const StatusNotification = new NotificationType<ServerStatus>('leakproof/status');
export const ExplainRequest = new RequestType<{ rule: string }, { markdown: string | null }, void>('leakproof/explain');
export const RulesRequest = new RequestType<object, { rules: readonly RuleSummary[] }, void>('leakproof/rules');
export const TraceRequest = new RequestType<{ uri: string; position: Position }, Trace | null, void>('leakproof/trace');
export const CheckWorkspaceRequest = new RequestType<WorkDoneProgressParams, WorkspaceResult, void>(
  'leakproof/checkWorkspace',
);
export const CreateConfigRequest = new RequestType<
  { folderUri: string },
  { uri: string; created: boolean; message: string },
  void
>('leakproof/createConfig');
export const ReportRequest = new RequestType<{ uri: string | null }, { text: string }, void>(
  'leakproof/diagnosticsReport',
);
