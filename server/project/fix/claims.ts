import type { FileEdit, WorkspaceEdit } from '../../analysis/edit.ts';

interface Claim {
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of files that the fixes of one pass have taken. A fix takes everything from its first edit to its last:
 * two fixes that wrap overlapping statements have no edit in common and still must not be mixed.
 */
export class Claims {
  readonly #byPath = new Map<string, Claim[]>();

  /** Takes what the edit needs; false, and nothing taken, when another one has some of it. */
  take(edit: WorkspaceEdit): boolean {
    const wanted = edit.files.map((file) => ({ path: file.path, claim: hull(file) }));
    if (wanted.some(({ path, claim }) => this.#byPath.get(path)?.some((taken) => touch(taken, claim)))) return false;
    for (const { path, claim } of wanted) this.#byPath.set(path, [...(this.#byPath.get(path) ?? []), claim]);
    return true;
  }
}

function hull({ create, edits }: FileEdit): Claim {
  if (create || edits.length === 0) return { start: 0, end: Number.POSITIVE_INFINITY };
  return { start: Math.min(...edits.map(({ start }) => start)), end: Math.max(...edits.map(({ end }) => end)) };
}

function touch(a: Claim, b: Claim): boolean {
  return a.start <= b.end && b.start <= a.end;
}
