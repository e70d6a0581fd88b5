import { type WorkspaceFolder, window, workspace } from 'vscode';

/** The folder that is meant: the active editor's, the only one, or the one that is picked. `what` ends a sentence. */
export async function chosenFolder(what: string): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const active = window.activeTextEditor && workspace.getWorkspaceFolder(window.activeTextEditor.document.uri);
  const folder = folders.length > 1 && !active ? await window.showWorkspaceFolderPick() : (active ?? folders[0]);
  if (folders.length === 0) void window.showInformationMessage(`Open a folder ${what}.`);
  return folder;
}
