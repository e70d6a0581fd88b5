/** Replaces `[start, end)` of the file's text; offsets are UTF-16 code units of the text before any edit. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits of one file, or its creation. Creating never overwrites: an existing file makes the whole edit fail. */
export interface FileEdit {
  readonly path: string;
  readonly create: boolean;
  readonly edits: readonly TextEdit[];
}

/** What one fix does, to any number of files. Edits of one file do not overlap. */
export interface WorkspaceEdit {
  readonly files: readonly FileEdit[];
}

/**
 * Applies the edits to a text.
 * @throws RangeError when two edits overlap or one lies outside the text.
 */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let position = 0;
  for (const edit of ordered) {
    if (edit.start < position || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit [${edit.start}, ${edit.end}) overlaps another one or lies outside the text`);
    }
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}
