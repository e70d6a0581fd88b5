import type { WorkspaceEdit } from '../edit.ts';
import type { Finding } from '../finding.ts';
import type { Host } from '../host.ts';
import type { FileOptions } from '../options.ts';
import type { FileResult } from '../result.ts';

export interface GateRequest {
  readonly host: Host;
  readonly path: string;
  readonly options: FileOptions;
  readonly finding: Finding;
  readonly edit: WorkspaceEdit;
  /** Checks the file in another world. */
  readonly check: (host: Host) => FileResult;
}

/** Why the edit must not be made, as a sentence; `undefined` when it holds what it promises. */
export function refusal(_request: GateRequest): string | undefined {
  return undefined;
}
