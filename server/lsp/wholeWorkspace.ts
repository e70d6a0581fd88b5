import type {
  Connection,
  Diagnostic,
  WorkDoneProgressReporter,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { CheckWorkspaceResult } from '../../protocol/messages.ts';
import { Cancelled, type EditorClient } from '../project/editor/editorClient.ts';
import type { EditorTasks, FileReport, Scope } from '../project/editor/protocol.ts';
import { diagnosticsOf, resultId } from './diagnostics.ts';
import type { Publishing } from './publishing.ts';
import type { Settings } from './settings.ts';
import { uriOf } from './uris.ts';
import { scopeOf, type Workspace } from './workspace.ts';

/** The pause in typing after which what closed files show is looked at again. */
const quietMs = 600;

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

/** Checks files whether or not somebody has them open. */
export class WholeWorkspace {
  readonly #parts: Parts;
  /** The revision that was answered last; the next answer waits until there is something new. */
  #answered: number | undefined;
  /** Documents that were opened, edited or closed since: what the client shows of them may be neither its last answer nor ours. */
  #touched = new Set<string>();
  /** What the client may show something of. It forgets to name what it had open, and goes on showing it. */
  readonly #shown = new Set<string>();
  #quiet: NodeJS.Timeout | undefined;

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
          const diagnostics = this.#diagnostics(outcome, folder, null);
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

  /**
   * What is shown of all files, when the settings say that they are to be shown. Open documents are among them: a client
   * prefers what it has asked for by itself, and goes on showing a document that is open without being seen.
   */
  async report(params: WorkspaceDiagnosticParams, signal: AbortSignal): Promise<WorkspaceDiagnosticReport> {
    // Clients ask again as soon as they have an answer: the next one is given when it would be another one.
    const { publishing } = this.#parts;
    if (this.#answered !== undefined && this.#touched.size === 0) await publishing.changed(this.#answered, signal);
    if (signal.aborted) throw new Cancelled();
    // What changes from here on is another question's business.
    const { revision } = publishing;
    const touched = this.#touched;
    this.#touched = new Set();
    const isWanted = this.#answered === revision ? (uri: string) => touched.has(uri) : () => true;
    const previous = new Map(params.previousResultIds.map(({ uri, value }) => [uri, value]));
    for (const uri of touched) previous.delete(uri);
    try {
      const items = await this.#documentReports(isWanted, previous, signal);
      this.#answered = revision;
      return { items };
    } catch (error) {
      for (const uri of touched) this.#touched.add(uri);
      throw error;
    }
  }

  /** The document was opened, has another text, or was closed. */
  touched(uri: string): void {
    this.#shown.add(uri);
    this.#touched.add(uri);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#parts.publishing.lookAgain(), quietMs);
    this.#quiet.unref();
  }

  /** The settings changed: the next question is answered at once. */
  forget(): void {
    this.#answered = undefined;
  }

  async #documentReports(
    isWanted: (uri: string) => boolean,
    previous: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<WorkspaceDocumentDiagnosticReport[]> {
    const { workspace } = this.#parts;
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const present = new Set<string>();
    for (const folder of await this.#folders(({ enable, scope }) => enable && scope === 'workspace')) {
      const { files } = await this.#candidates(folder, false, signal);
      for (const path of files) {
        const uri = workspace.uri(path);
        present.add(uri);
        if (!isWanted(uri)) continue;
        const version = workspace.documents.get(uri)?.version ?? null;
        const outcome = await this.#checkOne(path, folder, signal);
        if ('message' in outcome) continue;
        const diagnostics = this.#diagnostics(outcome, folder, version);
        if (diagnostics.length > 0) this.#shown.add(uri);
        items.push(documentReport(uri, version, diagnostics, previous.get(uri)));
      }
    }
    for (const uri of new Set([...previous.keys(), ...this.#shown])) {
      if (present.has(uri)) continue;
      items.push(documentReport(uri, null, [], undefined));
      if (workspace.documents.get(uri) === undefined) this.#shown.delete(uri);
    }
    return items;
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

  #diagnostics(report: FileReport, { settings }: Folder, revision: number | null): Diagnostic[] {
    return diagnosticsOf(report, { settings, revision, uri: (path) => this.#parts.workspace.uri(path) });
  }
}

function documentReport(
  uri: string,
  version: number | null,
  items: Diagnostic[],
  previous: string | undefined,
): WorkspaceDocumentDiagnosticReport {
  const id = resultId(items);
  if (id === previous) return { kind: 'unchanged', uri, version, resultId: id };
  return { kind: 'full', uri, version, resultId: id, items };
}
