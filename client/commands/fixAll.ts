import { window, workspace } from 'vscode';
import {
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
} from 'vscode-languageclient/node';
import { type Server, ServerDown } from '../server/server.ts';
import { isChecked } from '../settings.ts';

const kind = 'source.fixAll.leakproof';

/** Applies every safe fix in the open file. Resolves with whether the file was changed. */
export async function fixAll(server: Server): Promise<boolean> {
  const document = window.activeTextEditor?.document;
  if (!document || !isChecked(document)) {
    void window.showInformationMessage('Open a JavaScript or TypeScript file to fix its leaks.');
    return false;
  }
  const { client } = server;
  // The server is asked directly: the editor's own way asks all extensions, and is cancelled when one of them changes.
  const edit = await safely(async () => {
    const actions = await server.request(CodeActionRequest.type, {
      textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
      range: {
        start: { line: 0, character: 0 },
        end: client.code2ProtocolConverter.asPosition(document.lineAt(document.lineCount - 1).range.end),
      },
      context: { diagnostics: [], only: [kind], triggerKind: CodeActionTriggerKind.Invoked },
    });
    const action = actions?.find((it): it is CodeAction => 'kind' in it && it.kind === kind);
    if (!action) return undefined;
    const resolved = action.edit ? action : await server.request(CodeActionResolveRequest.type, action);
    return resolved.edit && client.protocol2CodeConverter.asWorkspaceEdit(resolved.edit);
  });
  if (!edit || edit.size === 0) {
    void window.showInformationMessage('There is nothing to fix safely in this file.');
    return false;
  }
  return workspace.applyEdit(edit);
}

/** A file that changed meanwhile, and not a failure of the server, is what makes it answer with an error here. */
async function safely<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServerDown) throw error;
    throw new Error(`The fixes could not be computed: ${error instanceof Error ? error.message : error}`);
  }
}
