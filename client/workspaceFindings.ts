import { type Diagnostic, Disposable, languages, type Uri, workspace } from 'vscode';

/**
 * What *Check Workspace* found. An open file has findings of its own, which are newer: its entry steps back as long as
 * the file is open, and is dropped when the file changes on disk.
 */
export class WorkspaceFindings implements Disposable {
  readonly #shown = languages.createDiagnosticCollection('leakproof-workspace');
  readonly #found = new Map<string, readonly Diagnostic[]>();
  readonly #disposables: Disposable;

  constructor() {
    this.#disposables = Disposable.from(
      this.#shown,
      workspace.onDidOpenTextDocument(({ uri }) => this.#shown.delete(uri)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#shown.set(uri, this.#found.get(uri.toString()))),
      workspace.onDidSaveTextDocument(({ uri }) => this.#forget(uri)),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => void this.#forget(uri))),
    );
  }

  /** Replaces what an earlier check found. */
  replace(items: readonly { readonly uri: Uri; readonly diagnostics: readonly Diagnostic[] }[]): void {
    this.#shown.clear();
    this.#found.clear();
    const open = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const { uri, diagnostics } of items) {
      this.#found.set(uri.toString(), diagnostics);
      if (!open.has(uri.toString())) this.#shown.set(uri, diagnostics);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #forget(uri: Uri): void {
    this.#found.delete(uri.toString());
    this.#shown.delete(uri);
  }
}
