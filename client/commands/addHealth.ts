import { Uri, window } from 'vscode';
import { AddHealthRequest } from '../server/protocol.ts';
import type { Server } from '../server/server.ts';
import { chosenFolder } from './chosenFolder.ts';

/** Writes the health module and its alerts into a workspace folder, unless there is one, and opens the module. */
export async function addHealth(server: Server): Promise<void> {
  const folder = await chosenFolder('to add a health module to it');
  if (!folder) return;
  const { uris, refused } = await server.request(AddHealthRequest, { folderUri: folder.uri.toString() });
  const [module] = uris;
  if (refused !== null) void window.showInformationMessage(refused);
  else if (module !== undefined) await window.showTextDocument(Uri.parse(module));
}
