import { applyTextEdits, type FileEdit, type WorkspaceEdit } from '../../analysis/edit.ts';
import type { SourceStore } from '../files/sourceStore.ts';

/** Why an edit cannot be made in this project at all; `undefined` when it can. */
export function impossible(edit: WorkspaceEdit, store: SourceStore): string | undefined {
  for (const { path, create } of edit.files) {
    if (path.includes('/node_modules/')) return 'it would change an installed package';
    const exists = store.text(path) !== undefined;
    if (create && exists) return `${nameOf(path)} exists already`;
    if (!create && !exists) return `${nameOf(path)} cannot be read`;
  }
  return undefined;
}

/** The text of a file after edits, written with the line ends that the file has. */
export function edited(text: string, file: Pick<FileEdit, 'edits'>): string {
  const crlf = usesCrlf(text);
  const edits = file.edits.map((edit) => (crlf ? { ...edit, text: edit.text.replace(/\r?\n/g, '\r\n') } : edit));
  return applyTextEdits(text, edits);
}

function usesCrlf(text: string): boolean {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
