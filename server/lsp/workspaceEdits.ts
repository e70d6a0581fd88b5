import { type CreateFile, TextDocumentEdit, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver/node';
import type { LocatedEdit, LocatedFileEdit } from '../project/editor/protocol.ts';
import type { ClientAbilities } from './clientAbilities.ts';
import { toRange } from './diagnostics.ts';
import type { Workspace } from './workspace.ts';

/** Edits in the form that the client understands; `undefined` when it cannot make them. */
export function workspaceEdit(
  files: readonly LocatedFileEdit[],
  workspace: Workspace,
  abilities: ClientAbilities,
): WorkspaceEdit | undefined {
  if (files.some(({ create }) => create) && !(abilities.createFiles && abilities.documentChanges)) return undefined;
  if (!abilities.documentChanges) {
    return { changes: Object.fromEntries(files.map(({ path, edits }) => [workspace.uri(path), edits.map(textEdit)])) };
  }
  const documentChanges = files.flatMap(({ path, create, edits }): (CreateFile | TextDocumentEdit)[] => {
    const uri = workspace.uri(path);
    const version = create ? null : (workspace.document(path)?.version ?? null);
    const change = TextDocumentEdit.create({ uri, version }, edits.map(textEdit));
    return create ? [{ kind: 'create', uri, options: { overwrite: false } }, change] : [change];
  });
  return { documentChanges };
}

/** The edit that inserts a comment whose reason is to be typed: as a snippet where the client knows them. */
export function commentEdit(
  edit: LocatedEdit,
  reason: boolean,
  where: { readonly path: string; readonly workspace: Workspace; readonly abilities: ClientAbilities },
): WorkspaceEdit {
  const { path, workspace, abilities } = where;
  if (!abilities.snippets || !reason) {
    const text = edit.text.replace(placeholder, reason ? ' -- reason' : '');
    const files = [{ path, create: false, edits: [{ ...edit, text }] }];
    return workspaceEdit(files, workspace, abilities) ?? {};
  }
  // What means something in a snippet is written as it stands.
  const [before = '', after = ''] = edit.text.split(placeholder).map((part) => part.replace(/[\\$}]/g, '\\$&'));
  const value = edit.text.includes(placeholder) ? `${before} -- \${1:reason}${after}` : before;
  const version = workspace.document(path)?.version ?? null;
  const snippet = { range: toRange(edit), snippet: { kind: 'snippet' as const, value } };
  return { documentChanges: [TextDocumentEdit.create({ uri: workspace.uri(path), version }, [snippet])] };
}

const placeholder = '$REASON';

function textEdit(edit: LocatedEdit): TextEdit {
  return { range: toRange(edit), newText: edit.text };
}
