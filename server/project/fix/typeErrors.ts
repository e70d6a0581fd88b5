import type { WorkspaceEdit } from '../../analysis/edit.ts';
import type { Session } from '../engine/session.ts';
import { edited } from './edits.ts';

/**
 * The type errors that an edit of several files would bring, as the reason of a refusal; `undefined`: none, or unknown.
 * The gate has judged an edit of a single file already.
 */
export function typeErrorsOf(edit: WorkspaceEdit, session: Session): string | undefined {
  const { types, store } = session;
  if (types === undefined || edit.files.length < 2) return undefined;
  const after = new Map(edit.files.map((file) => [file.path, edited(store.text(file.path) ?? '', file)]));
  for (const file of edit.files) {
    if (file.create) continue;
    const others = new Map([...after].filter(([path]) => path !== file.path));
    // The files of one edit refer to each other: none can be judged without the others.
    if (others.size > 0) types.update(others);
    const errors = types.newErrors(file.path, after.get(file.path) ?? '');
    if (others.size > 0) types.update(new Map([...others.keys()].map((path) => [path, store.unsaved(path)])));
    const [first] = errors ?? [];
    if (first !== undefined) return `it would not compile: TS${first.code}: ${first.message}`;
  }
  return undefined;
}
