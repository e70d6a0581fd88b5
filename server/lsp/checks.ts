import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Cancelled, type EditorClient, type Priority } from '../project/editor/editorClient.ts';
import type { FileReport, FileTask, Scope } from '../project/editor/protocol.ts';
import type { Settings } from './settings.ts';
import { pathOf } from './uris.ts';
import type { Workspace } from './workspace.ts';

/** The result of a check of an open document. */
export interface Checked {
  readonly uri: string;
  /** The version of the document that was analysed. */
  readonly version: number;
  readonly settings: Settings;
  readonly report: FileReport;
}

export interface ChecksEvents {
  /** A check begins. */
  readonly started: (uri: string) => void;
  /** A check has come to an end. */
  readonly checked: (checked: Checked) => void;
  /** What was answered before is no longer what would be answered now. */
  readonly outdated: () => void;
  /** A check was given up, for want of somebody who waits for it or because of a fault. */
  readonly ended: (uri: string, error?: Error) => void;
}

const nothing: Omit<FileReport, 'path' | 'reason'> = {
  ...{ broken: false, findings: [], suppressionNotes: [], acquisitions: [], configPath: null, configProblems: [] },
  ...{ backend: 'none', remarks: [], durationMs: 0 },
};

/** How long an index may keep a check of what somebody looks at waiting. */
const sliceMs = 40;
/** The pause in typing after which other open files are looked at again. */
const quietMs = 600;

/** Checks open documents: at once as far as possible, and again when more is known. */
export class Checks {
  readonly #workspace: Workspace;
  readonly #engine: EditorClient;
  readonly #events: ChecksEvents;
  readonly #latest = new Map<string, Checked>();
  /** Documents whose types have answered: later checks wait for types, so that nothing comes and goes. */
  readonly #settled = new Set<string>();
  /** The version of each document that was saved last. */
  readonly #saved = new Map<string, number>();
  readonly #settling = new Set<string>();
  /** By folder: how many names its index knew when it was last complete. */
  readonly #indexed = new Map<string, number>();
  readonly #indexing = new Set<string>();
  #quiet: NodeJS.Timeout | undefined;

  constructor(workspace: Workspace, engine: EditorClient, events: ChecksEvents) {
    this.#workspace = workspace;
    this.#engine = engine;
    this.#events = events;
  }

  /** The last result of a document, perhaps of an older version. */
  latest(uri: string): Checked | undefined {
    return this.#latest.get(uri);
  }

  /** The task data of a file. */
  async task(uri: string, path: string): Promise<{ readonly settings: Settings; readonly file: FileTask }> {
    const settings = await this.#workspace.settings(uri);
    return { settings, file: { path, scope: this.#workspace.scope(path, settings) } };
  }

  /**
   * The result for the text that the document has when the result is there.
   * @throws Cancelled when the signal says so
   */
  async check(document: TextDocument, signal?: AbortSignal, priority: Priority = 'answer'): Promise<Checked> {
    const { uri } = document;
    this.#events.started(uri);
    try {
      for (;;) {
        const { version } = document;
        const checked = await this.#once(document, signal, priority);
        if (document.version !== version) continue;
        this.#latest.set(uri, checked);
        this.#events.checked(checked);
        return checked;
      }
    } catch (error) {
      this.#events.ended(uri, error instanceof Cancelled ? undefined : (error as Error));
      throw error;
    }
  }

  /** What is to be shown now: where documents are checked when saved, perhaps the result of an older text. */
  async shown(document: TextDocument, signal?: AbortSignal): Promise<Checked> {
    const { run } = await this.#workspace.settings(document.uri);
    const latest = this.#latest.get(document.uri);
    if (run === 'onSave' && latest !== undefined && this.#saved.get(document.uri) !== document.version) return latest;
    return await this.check(document, signal);
  }

  /** The document was saved as it is. */
  saved(uri: string): void {
    this.#saved.set(uri, this.#workspace.documents.get(uri)?.version ?? 0);
  }

  /** Something beyond the texts of documents changed: look at everything again. */
  worldChanged(): void {
    for (const root of this.#indexed.keys()) this.#indexed.set(root, -1);
    this.#events.outdated();
  }

  /** A document has another text; others may have to be shown differently. */
  edited(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => void this.#recheckOthers(), quietMs);
    this.#quiet.unref();
  }

  closed(uri: string): void {
    this.#latest.delete(uri);
    this.#settled.delete(uri);
    this.#saved.delete(uri);
  }

  async #once(document: TextDocument, signal: AbortSignal | undefined, priority: Priority): Promise<Checked> {
    const { uri, version } = document;
    const path = pathOf(uri);
    if (path === undefined) {
      const reason = uri.startsWith('untitled:') ? 'the document was not saved yet' : 'the document is no file';
      const settings = await this.#workspace.settings(uri);
      return { uri, version, settings, report: { ...nothing, path: uri, reason } };
    }
    const { settings, file } = await this.task(uri, path);
    if (!settings.enable) {
      const reason = 'switched off by the setting leakproof.enable';
      return { uri, version, settings, report: { ...nothing, path, reason } };
    }
    const types = this.#settled.has(uri) ? 'wait' : 'ifWarm';
    const report = await this.#engine.run('check', { ...file, types }, priority, signal);
    if (report.backend === 'pending') void this.#settle(document);
    else if (report.reason === null && report.backend !== 'none') this.#settled.add(uri);
    if (report.reason === null) void this.#index(file.scope);
    return { uri, version, settings, report };
  }

  /** Lets the types answer, and tells when that changes something. */
  async #settle(document: TextDocument): Promise<void> {
    const { uri } = document;
    const path = pathOf(uri);
    if (this.#settling.has(uri) || path === undefined) return;
    this.#settling.add(uri);
    try {
      const { file, settings } = await this.task(uri, path);
      const { version } = document;
      const report = await this.#engine.run('check', { ...file, types: 'wait' }, 'settle');
      if (this.#workspace.documents.get(uri) === undefined) return;
      this.#settled.add(uri);
      if (document.version === version) this.#events.checked({ uri, version, settings, report });
      this.#events.outdated();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#events.ended(uri, error as Error);
    } finally {
      this.#settling.delete(uri);
    }
  }

  /** Goes through the folder in the background for functions that acquire for their callers. */
  async #index(scope: Scope): Promise<void> {
    const { root } = scope;
    if (this.#indexing.has(root)) return;
    this.#indexing.add(root);
    try {
      for (;;) {
        const { done, names } = await this.#engine.run('index', { scope, budgetMs: sliceMs }, 'background');
        if (!done) continue;
        const before = this.#indexed.get(root);
        this.#indexed.set(root, names);
        // Without names a first look has missed nothing.
        if (names !== (before === undefined || before === -1 ? 0 : before)) this.#events.outdated();
        return;
      }
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#events.ended('', error as Error);
    } finally {
      this.#indexing.delete(root);
    }
  }

  async #recheckOthers(): Promise<void> {
    for (const { uri, report } of [...this.#latest.values()]) {
      const document = this.#workspace.documents.get(uri);
      const path = pathOf(uri);
      if (document === undefined || path === undefined || report.reason !== null) continue;
      try {
        const { file } = await this.task(uri, path);
        const types = this.#settled.has(uri) ? 'wait' : 'ifWarm';
        const now = await this.#engine.run('check', { ...file, types }, 'background');
        const known = this.#latest.get(uri)?.report;
        if (known !== undefined && JSON.stringify(now.findings) !== JSON.stringify(known.findings)) {
          this.#events.outdated();
          return;
        }
      } catch {
        // The next answer about that document will say what is wrong.
      }
    }
  }
}
