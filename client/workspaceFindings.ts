import { type Diagnostic, Disposable, languages, type Tab, TabInputText, type Uri, window, workspace } from 'vscode';

/**
 * What *Check Workspace* found. A file that somebody looks at has findings of its own, which are newer: its entry steps
 * back as long as there is a tab of it, and is dropped when the file changes on disk.
 */
export class WorkspaceFindings implements Disposable {
  readonly #shown = languages.createDiagnosticCollection('leakproof-workspace');
  readonly #found = new Map<string, readonly Diagnostic[]>();
  readonly #disposables: Disposable;

  constructor() {
    const watcher = workspace.createFileSystemWatcher('**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}', true);
    this.#disposables = Disposable.from(
      this.#shown,
      watcher,
      watcher.onDidChange((uri) => this.#forget(uri)),
      watcher.onDidDelete((uri) => this.#forget(uri)),
      workspace.onDidSaveTextDocument(({ uri }) => this.#forget(uri)),
      // Where the server tells of all files by itself, they would be there twice.
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('leakproof.scope')) this.replace([]);
      }),
      // Documents live on for minutes after their last tab is gone.
      window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        for (const uri of [...opened, ...closed].flatMap(uriOf)) this.#show(uri);
      }),
    );
  }

  /** Replaces what an earlier check found. */
  replace(items: readonly { readonly uri: Uri; readonly diagnostics: readonly Diagnostic[] }[]): void {
    this.#shown.clear();
    this.#found.clear();
    for (const { uri, diagnostics } of items) {
      this.#found.set(uri.toString(), diagnostics);
      this.#show(uri);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #show(uri: Uri): void {
    const key = uri.toString();
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const isSeen = tabs.flatMap(uriOf).some((each) => each.toString() === key);
    this.#shown.set(uri, isSeen ? undefined : this.#found.get(key));
  }

  #forget(uri: Uri): void {
    this.#found.delete(uri.toString());
    this.#shown.delete(uri);
  }
}

function uriOf({ input }: Tab): Uri[] {
  return input instanceof TabInputText ? [input.uri] : [];
}
