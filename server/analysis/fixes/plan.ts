import type { FileEdit, TextEdit } from '../edit.ts';
import type { Fix, FixSafety } from '../finding.ts';

/** What an edit builder proposes; the gate has the last word. */
export interface FixPlan {
  readonly title: string;
  readonly safety: FixSafety;
  readonly edits: readonly TextEdit[];
  /** Files that are written beside the one that is edited. */
  readonly created?: readonly FileEdit[];
}

/** At most this many fixes are offered for one finding. */
const most = 2;

/** Turns the plans that came about, best first, into the fixes of a finding. */
export function fixesOf(path: string, plans: Iterable<FixPlan | undefined>): readonly Fix[] {
  return [...plans]
    .filter((plan) => plan !== undefined)
    .slice(0, most)
    .map(({ title, safety, edits, created = [] }) => ({
      title,
      safety,
      build: () => ({ files: [{ path, create: false, edits }, ...created] }),
    }));
}
