import {
  Disposable,
  LanguageStatusSeverity,
  languages as languageRegistry,
  type TextDocument,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { StatusParams } from '../protocol/messages.ts';
import type { Server } from './server/server.ts';
import { configName, isChecked, isConfig, languages, setting } from './settings.ts';

/** What the status item shows. */
export interface StatusView {
  readonly text: string;
  readonly detail: string;
  readonly busy: boolean;
  readonly severity: 'information' | 'warning' | 'error';
}

const backends: Readonly<Record<StatusParams['backend'], string>> = {
  native: 'native types',
  typescript6: 'TypeScript 6 types',
  none: 'no types',
  pending: 'types are loading',
};

const severities = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

/** The one status item: how many leaks the open file has, or why none are shown. */
export class StatusItem implements Disposable {
  readonly #server: Server;
  readonly #statuses = new Map<string, StatusParams>();
  readonly #item = languageRegistry.createLanguageStatusItem('leakproof.status', [
    ...languages.map((language) => ({ language })),
    { pattern: `**/${configName}` },
  ]);
  readonly #disposables: Disposable;
  #view: StatusView = { text: '', detail: '', busy: false, severity: 'information' };

  constructor(server: Server) {
    this.#server = server;
    this.#item.name = 'Leakproof';
    this.#disposables = Disposable.from(
      this.#item,
      server.onStatus((status) => this.#note(status)),
      server.onDidChangeState(() => this.#serverChanged()),
      window.onDidChangeActiveTextEditor(() => this.#update()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('leakproof') && this.#update()),
      workspace.onDidCloseTextDocument(({ uri }) => this.#statuses.delete(uri.toString())),
    );
    this.#update();
  }

  /** What is shown now. */
  get view(): StatusView {
    return this.#view;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #note(status: StatusParams): void {
    // The server may write a URI in another way than the editor does: `c%3A` and `c:`.
    this.#statuses.set(status.uri === null ? '' : Uri.parse(status.uri).toString(), status);
    this.#update();
  }

  #serverChanged(): void {
    if (this.#server.state !== 'running') this.#statuses.clear();
    this.#update();
  }

  #update(): void {
    this.#view = this.#compose(window.activeTextEditor);
    const { text, detail, busy, severity } = this.#view;
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.busy = busy;
    this.#item.severity = severities[severity];
    this.#item.accessibilityInformation = { label: `Leakproof: ${text}. ${detail}` };
    const down = this.#server.state === 'stopped';
    this.#item.command = down
      ? { title: 'Restart Server', command: 'leakproof.restartServer' }
      : { title: 'Show Output', command: 'leakproof.showOutput' };
  }

  #compose(editor: TextEditor | undefined): StatusView {
    const { state, problem } = this.#server;
    if (state === 'stopped') {
      return view('Leakproof is not running', problem ?? 'the server was stopped', { severity: 'error' });
    }
    if (state === 'starting') return view('Leakproof', 'the server is starting', { busy: true });
    const document = editor?.document;
    if (document && isChecked(document) && !setting('enable', document, true)) {
      return view('Not checked', 'switched off by the setting leakproof.enable');
    }
    const status = this.#statuses.get(document?.uri.toString() ?? '') ?? this.#statuses.get('');
    return status ? describe(status, document) : view('Leakproof', 'nothing was checked yet');
  }
}

function describe(status: StatusParams, document: TextDocument | undefined): StatusView {
  const { state, reason } = status;
  const details = [
    reason,
    status.version,
    status.configPath && workspace.asRelativePath(status.configPath),
    status.durationMs > 0 ? `${Math.round(status.durationMs)} ms` : null,
    reason === null ? backends[status.backend] : null,
  ].filter((part) => part !== null && part !== '');
  return view(headline(status, document), details.join(' · '), {
    busy: state === 'busy',
    severity: state === 'warning' || state === 'error' ? state : 'information',
  });
}

function headline({ state, findings, reason }: StatusParams, document: TextDocument | undefined): string {
  if (document && isConfig(document.uri)) return state === 'error' ? 'Configuration is broken' : 'Leakproof';
  if (findings > 0) return `Leaks: ${findings}`;
  if (state === 'busy') return 'Checking for leaks';
  return reason === null ? 'No leaks' : 'Not checked';
}

function view(text: string, detail: string, rest: Partial<StatusView> = {}): StatusView {
  return { text, detail, busy: false, severity: 'information', ...rest };
}
