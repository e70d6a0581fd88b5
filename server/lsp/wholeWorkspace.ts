import type {
  Connection,
  Diagnostic,
  WorkDoneProgressReporter,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { Cancelled, type EditorClient } from '../project/editor/editorClient.ts';
import type { EditorTasks, FileReport, Scope } from '../project/editor/protocol.ts';
import { diagnosticsOf, resultId } from './diagnostics.ts';
import type { CheckWorkspaceResult } from './protocol.ts';
import type { Publishing } from './publishing.ts';
import type { Settings } from './settings.ts';
import { uriOf } from './uris.ts';
import { scopeOf, type Workspace } from './workspace.ts';

interface Parts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly engine: EditorClient;
  readonly publishing: Publishing;
}

interface Folder {
  readonly scope: Scope;
  readonly settings: Settings;
}

/** Checks files that nobody has open. */
export class WholeWorkspace {
  readonly #parts: Parts;
  /** The revision that was answered last; the next answer waits until there is something new. */
  #answered: number | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Checks every file of every folder. */
  async check(progress: WorkDoneProgressReporter, signal: AbortSignal): Promise<CheckWorkspaceResult<Diagnostic>> {
    const items: { uri: string; diagnostics: Diagnostic[] }[] = [];
    const errors: { uri: string; message: string }[] = [];
    let files = 0;
    let findings = 0;
    progress.begin('Leakproof', 0, 'Looking for files', true);
    try {
      for (const folder of await this.#folders(({ enable }) => enable)) {
        const candidates = await this.#candidates(folder, true, signal);
        files += candidates.seen;
        for (const [index, path] of candidates.files.entries()) {
          const percentage = Math.round((100 * index) / candidates.files.length);
          progress.report(percentage, `${index} of ${candidates.files.length} files`);
          const outcome = await this.#checkOne(path, folder, signal);
          if ('message' in outcome) {
            errors.push({ uri: this.#parts.workspace.uri(path), message: outcome.message });
            continue;
          }
          findings += outcome.findings.length;
          const diagnostics = this.#diagnostics(outcome, folder);
          if (diagnostics.length > 0) items.push({ uri: this.#parts.workspace.uri(path), diagnostics });
        }
        for (const { path, message } of candidates.problems) {
          errors.push({ uri: uriOf(path), message });
        }
      }
      return { files, findings, errors, items };
    } finally {
      progress.done();
    }
  }

  /** What is shown of closed files, when the settings say that they are to be shown. */
  async report(params: WorkspaceDiagnosticParams, signal: AbortSignal): Promise<WorkspaceDiagnosticReport> {
    // Clients ask again as soon as they have an answer: the next one is given when it would be another one.
    const { publishing } = this.#parts;
    if (this.#answered !== undefined) await publishing.changed(this.#answered, signal);
    if (signal.aborted) throw new Cancelled();
    // What changes from here on is another question's business.
    const { revision } = publishing;
    const previous = new Map(params.previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const reported = new Set<string>();
    for (const folder of await this.#folders(({ enable, scope }) => enable && scope === 'workspace')) {
      const { files } = await this.#candidates(folder, false, signal);
      for (const path of files) {
        const uri = this.#parts.workspace.uri(path);
        // Open documents are asked for by themselves.
        if (this.#parts.workspace.documents.get(uri) !== undefined) continue;
        const outcome = await this.#checkOne(path, folder, signal);
        if ('message' in outcome) continue;
        const diagnostics = this.#diagnostics(outcome, folder);
        reported.add(uri);
        items.push(documentReport(uri, diagnostics, previous.get(uri)));
      }
    }
    for (const uri of previous.keys()) if (!reported.has(uri)) items.push(documentReport(uri, [], undefined));
    this.#answered = revision;
    return { items };
  }

  /** The settings changed: the next question is answered at once. */
  forget(): void {
    this.#answered = undefined;
  }

  async #folders(wanted: (settings: Settings) => boolean): Promise<readonly Folder[]> {
    const folders: Folder[] = [];
    for (const root of this.#parts.workspace.folders) {
      const settings = await this.#parts.workspace.settings(uriOf(root));
      if (wanted(settings)) folders.push({ scope: scopeOf(root, settings), settings });
    }
    return folders;
  }

  /** The files of a folder that may hold findings; those of a folder inside it belong to that one. */
  async #candidates(
    { scope, settings }: Folder,
    afresh: boolean,
    signal: AbortSignal,
  ): Promise<EditorTasks['candidates']['out']> {
    const { workspace, engine } = this.#parts;
    const found = await engine.run('candidates', { scope, afresh }, 'workspace', signal);
    return { ...found, files: found.files.filter((path) => workspace.scope(path, settings).root === scope.root) };
  }

  async #checkOne(path: string, { scope }: Folder, signal: AbortSignal): Promise<FileReport | { message: string }> {
    try {
      return await this.#parts.engine.run('check', { path, scope, types: 'wait' }, 'workspace', signal);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      return { message: error instanceof Error ? error.message : String(error) };
    }
  }

  #diagnostics(report: FileReport, { settings }: Folder): Diagnostic[] {
    return diagnosticsOf(report, { settings, revision: null, uri: (path) => this.#parts.workspace.uri(path) });
  }
}

function documentReport(
  uri: string,
  items: Diagnostic[],
  previous: string | undefined,
): WorkspaceDocumentDiagnosticReport {
  const id = resultId(items);
  if (id === previous) return { kind: 'unchanged', uri, version: null, resultId: id };
  return { kind: 'full', uri, version: null, resultId: id, items };
}
