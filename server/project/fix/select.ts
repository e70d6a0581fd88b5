import type { Analysis } from '../../analysis/check.ts';
import type { WorkspaceEdit } from '../../analysis/edit.ts';
import type { Finding, Fix } from '../../analysis/finding.ts';
import type { FileOptions } from '../../analysis/options.ts';
import type { FileResult } from '../../analysis/result.ts';
import type { FixMode } from '../engine/protocol.ts';
import type { SourceStore } from '../files/sourceStore.ts';
import { Claims } from './claims.ts';
import { impossible } from './edits.ts';

/** A fix that passed the gate, with its edits. */
export interface AcceptedFix {
  readonly path: string;
  readonly edit: WorkspaceEdit;
}

/** A fix that was wanted and cannot be made. */
export interface Refusal {
  readonly path: string;
  readonly finding: Finding;
  readonly title: string;
  readonly reason: string;
}

export interface Selection {
  readonly accepted: readonly AcceptedFix[];
  readonly refused: readonly Refusal[];
}

export interface SelectContext {
  readonly analysis: Analysis;
  readonly store: SourceStore;
  readonly mode: FixMode;
  readonly options: (path: string) => FileOptions;
  /** Whether nothing is to be done in the file any more. */
  readonly blocked: (path: string) => boolean;
  readonly cancelled: () => boolean;
  readonly crashed: (path: string, error: unknown) => void;
}

/** Chooses the fixes of one pass: one per finding, none that touches another; what overlaps waits for the next pass. */
export function selectFixes(results: Iterable<FileResult>, context: SelectContext): Selection {
  const claims = new Claims();
  const accepted: AcceptedFix[] = [];
  const refused: Refusal[] = [];
  for (const { path, findings } of results) {
    if (context.blocked(path)) continue;
    for (const finding of findings) {
      if (context.cancelled()) return { accepted, refused };
      if (finding.suppressed !== undefined) continue;
      const choice = choose(path, finding, context, refused);
      if (choice !== undefined && claims.take(choice)) accepted.push({ path, edit: choice });
    }
  }
  return { accepted, refused };
}

/** The first fix of a finding that passes the gate: safe ones first. */
function choose(path: string, finding: Finding, context: SelectContext, refused: Refusal[]): WorkspaceEdit | undefined {
  const refusals: Refusal[] = [];
  for (const fix of wantedFixes(finding, context.mode)) {
    const outcome = resolve(path, fix, context);
    if ('edit' in outcome) return outcome.edit;
    refusals.push({ path, finding, title: fix.title, reason: outcome.refused });
  }
  refused.push(...refusals);
  return undefined;
}

function wantedFixes(finding: Finding, mode: FixMode): readonly Fix[] {
  const safe = finding.fixes.filter((fix) => fix.safety === 'safe');
  return mode === 'safe' ? safe : [...safe, ...finding.fixes.filter((fix) => fix.safety === 'suggestion')];
}

function resolve(path: string, fix: Fix, context: SelectContext): { edit: WorkspaceEdit } | { refused: string } {
  try {
    const resolved = context.analysis.resolveFix(path, context.options(path), fix);
    if ('refused' in resolved) return resolved;
    const refused = impossible(resolved.edit, context.store);
    return refused === undefined ? resolved : { refused };
  } catch (error) {
    context.crashed(path, error);
    return { refused: 'an internal error occurred' };
  }
}
