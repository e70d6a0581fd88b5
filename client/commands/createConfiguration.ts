import { Uri, window, workspace } from 'vscode';
import { CreateConfigRequest } from '../server/protocol.ts';
import type { Server } from '../server/server.ts';

/** Writes a `leakproof.jsonc` into a workspace folder, unless there is one, and opens it. */
export async function createConfiguration(server: Server): Promise<void> {
  const folders = workspace.workspaceFolders ?? [];
  const active = window.activeTextEditor && workspace.getWorkspaceFolder(window.activeTextEditor.document.uri);
  const folder = folders.length > 1 && !active ? await window.showWorkspaceFolderPick() : (active ?? folders[0]);
  if (!folder) {
    if (folders.length === 0) void window.showInformationMessage('Open a folder to configure Leakproof for it.');
    return;
  }
  const { uri, created, message } = await server.request(CreateConfigRequest, { folderUri: folder.uri.toString() });
  if (!created) void window.showInformationMessage(message);
  await window.showTextDocument(Uri.parse(uri));
}
