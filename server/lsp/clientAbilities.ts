import type { ClientCapabilities } from 'vscode-languageserver/node';

/** What the client can do, as far as it makes a difference here. */
export class ClientAbilities {
  /** It asks for diagnostics. */
  pull = false;
  /** It can be told to ask again. */
  refresh = false;
  dynamicDiagnostics = false;
  dynamicWatching = false;
  dynamicConfiguration = false;
  workspaceFolders = false;
  /** Edits of code actions may be computed when one is chosen. */
  resolveActions = false;
  disabledActions = false;
  actionLiterals = false;
  documentChanges = false;
  createFiles = false;
  snippets = false;
  showDocument = false;
  relativePatterns = false;

  /** Reads what the client says about itself at the start. */
  read({ textDocument, workspace, window }: ClientCapabilities): void {
    const action = textDocument?.codeAction;
    this.pull = textDocument?.diagnostic !== undefined;
    this.refresh = workspace?.diagnostics?.refreshSupport === true;
    this.dynamicDiagnostics = textDocument?.diagnostic?.dynamicRegistration === true;
    this.dynamicWatching = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    this.dynamicConfiguration = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.workspaceFolders = workspace?.workspaceFolders === true;
    this.resolveActions = action?.dataSupport === true && action.resolveSupport?.properties.includes('edit') === true;
    this.disabledActions = action?.disabledSupport === true;
    this.actionLiterals = action?.codeActionLiteralSupport !== undefined;
    this.documentChanges = workspace?.workspaceEdit?.documentChanges === true;
    this.createFiles = workspace?.workspaceEdit?.resourceOperations?.includes('create') === true;
    this.snippets = this.documentChanges && workspace?.workspaceEdit?.snippetEditSupport === true;
    this.showDocument = window?.showDocument?.support === true;
    this.relativePatterns = workspace?.didChangeWatchedFiles?.relativePatternSupport === true;
  }
}
