import type { TextEdit } from '../edit.ts';

/** Follows positions through edits: tokens that no edit touches keep their identity. */
export class PositionMap {
  readonly #edits: readonly TextEdit[];

  constructor(edits: readonly TextEdit[]) {
    this.#edits = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  }

  /** Where a character of the original text stands in the edited one; `undefined` when it was removed. */
  forward(position: number): number | undefined {
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      if (start > position) break;
      if (position < end) return undefined;
      shift += text.length - (end - start);
    }
    return position + shift;
  }

  /** Where a character of the edited text stood in the original one; `undefined` when it was inserted. */
  backward(position: number): number | undefined {
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      const at = start + shift;
      if (position < at) break;
      if (position < at + text.length) return undefined;
      shift += text.length - (end - start);
    }
    return position - shift;
  }
}
