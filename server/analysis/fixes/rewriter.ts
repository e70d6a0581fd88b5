import type { TextEdit } from '../edit.ts';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Indentation is dropped where its line is removed, and comes after other insertions at the same place. */
  readonly indents: boolean;
}

/**
 * Collects small insertions and removals. Edits stay as fine as they were asked for, so that the tokens between them
 * keep their identity: the gate maps positions through them.
 */
export class Rewriter {
  readonly #insertions: Insertion[] = [];
  readonly #removals: { start: number; end: number }[] = [];

  insert(at: number, text: string): void {
    this.#insertions.push({ at, text, indents: false });
  }

  /** Deepens the line that starts at `lineStart`. */
  indent(lineStart: number, unit: string): void {
    this.#insertions.push({ at: lineStart, text: unit, indents: true });
  }

  remove(start: number, end: number): void {
    if (end > start) this.#removals.push({ start, end });
  }

  replace(start: number, end: number, text: string): void {
    this.remove(start, end);
    this.insert(start, text);
  }

  /** Edits in order of position; none overlaps another. */
  edits(): readonly TextEdit[] {
    const removals = this.#mergedRemovals();
    const texts = new Map<number, string>();
    const ordered = [...this.#insertions.filter((i) => !i.indents), ...this.#insertions.filter((i) => i.indents)];
    for (const { at, text, indents } of ordered) {
      const inside = removals.find((r) => r.start <= at && at < r.end);
      if (inside && indents) continue;
      const place = inside?.start ?? at;
      texts.set(place, (texts.get(place) ?? '') + text);
    }
    const edits: TextEdit[] = removals.map(({ start, end }) => ({ start, end, text: texts.get(start) ?? '' }));
    for (const [at, text] of texts) {
      if (!removals.some((r) => r.start === at)) edits.push({ start: at, end: at, text });
    }
    return edits.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  #mergedRemovals(): readonly { start: number; end: number }[] {
    const merged: { start: number; end: number }[] = [];
    for (const { start, end } of [...this.#removals].sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1);
      if (last && start < last.end) last.end = Math.max(last.end, end);
      else merged.push({ start, end });
    }
    return merged;
  }
}
