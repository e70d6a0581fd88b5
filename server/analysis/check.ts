import type { WorkspaceEdit } from './edit.ts';
import type { Fix } from './finding.ts';
import type { Host } from './host.ts';
import type { FileOptions } from './options.ts';
import type { FileResult } from './result.ts';

/**
 * The facade that both drivers call. One instance lives as long as its host; it keeps parsed files and summaries
 * until `invalidate` says that a file changed.
 */
export interface Analysis {
  /** Analyses the text that the host has for the path now. */
  check(path: string, options: FileOptions): FileResult;
  /** Drops everything that was derived from the text of these files. */
  invalidate(paths: Iterable<string>): void;
  /**
   * The fix gate in full: builds the edits of a fix of a finding in `path` and checks the result.
   * A refusal says why in a sentence.
   */
  resolveFix(path: string, options: FileOptions, fix: Fix): ResolvedFix;
  /** Names exported by the file whose functions acquire and hand on, for the second round of the pre-filter. */
  acquiringExports(path: string, options: FileOptions): readonly string[];
}

export type ResolvedFix = { readonly edit: WorkspaceEdit } | { readonly refused: string };

export function createAnalysis(_host: Host): Analysis {
  throw new Error('not built yet');
}
