import { Uri, window } from 'vscode';
import { CreateConfigRequest } from '../server/protocol.ts';
import type { Server } from '../server/server.ts';
import { chosenFolder } from './chosenFolder.ts';

/** Writes a `leakproof.jsonc` into a workspace folder, unless there is one, and opens it. */
export async function createConfiguration(server: Server): Promise<void> {
  const folder = await chosenFolder('to configure Leakproof for it');
  if (!folder) return;
  const { uri, created, message } = await server.request(CreateConfigRequest, { folderUri: folder.uri.toString() });
  if (!created) void window.showInformationMessage(message);
  await window.showTextDocument(Uri.parse(uri));
}
