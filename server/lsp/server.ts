import {
  CodeActionKind,
  type Connection,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Disposable,
  DocumentDiagnosticRequest,
  FileChangeType,
  type FileEvent,
  type InitializeResult,
  MessageType,
  ProposedFeatures,
  ShowMessageNotification,
  TextDocumentSyncKind,
  WatchKind,
} from 'vscode-languageserver/node';
import { version } from '../project/catalog/version.generated.ts';
import { EditorClient } from '../project/editor/editorClient.ts';
import { absolute, within } from '../project/files/paths.ts';
import { isSourceFile } from '../project/files/sourceKinds.ts';
import type { Deadlines } from '../project/types/supervise.ts';
import { answering, signalOf } from './cancellation.ts';
import { Checks } from './checks.ts';
import { ClientAbilities } from './clientAbilities.ts';
import { CodeActions, docsCommand, fixAllKind } from './codeActions.ts';
import { serveRequests } from './customRequests.ts';
import { resultId } from './diagnostics.ts';
import { hoverAt } from './hover.ts';
import { Publishing } from './publishing.ts';
import { Status } from './status.ts';
import { pathOf, uriOf } from './uris.ts';
import { WholeWorkspace } from './wholeWorkspace.ts';
import { Workspace } from './workspace.ts';

const selector = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'].map((language) => ({
  scheme: 'file',
  language,
}));

/** What is read beside the documents themselves. */
const watched = [
  '**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}',
  '**/{leakproof.jsonc,.gitignore,package.json,package-lock.json,yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock}',
  '**/{tsconfig,jsconfig}*.json',
];

/** Files that change what holds for others, and not only through what they export. */
const farReaching = /(?:\.json|\.jsonc|\.lock|\.yaml|\.gitignore)$/;

/**
 * Serves the protocol over the channel that the process' arguments name, until the client says that it is over.
 *
 * @param deadlines how long the compiler may take, where that is not as usual
 */
export function startServer(workerUrl: URL, deadlines?: Deadlines): void {
  const connection = createConnection(ProposedFeatures.all);
  new LanguageServer(connection, workerUrl, deadlines).listen();
}

/** The wires between the protocol and the engine. */
class LanguageServer {
  readonly #connection: Connection;
  readonly #abilities = new ClientAbilities();
  readonly #workspace: Workspace;
  readonly #engine: EditorClient;
  readonly #checks: Checks;
  readonly #publishing: Publishing;
  readonly #status: Status;
  readonly #actions: CodeActions;
  readonly #wholeWorkspace: WholeWorkspace;
  #diagnosticRegistration: Promise<Disposable> | undefined;
  #workspaceDiagnostics: boolean | undefined;
  #watchRegistration: Promise<Disposable> | undefined;
  #watched: string | undefined;

  constructor(connection: Connection, workerUrl: URL, deadlines: Deadlines | undefined) {
    this.#connection = connection;
    this.#workspace = new Workspace(connection);
    this.#status = new Status(connection);
    this.#engine = new EditorClient({ workerUrl, deadlines, log: (message) => connection.console.warn(message) });
    this.#publishing = new Publishing(connection, this.#workspace, this.#abilities, () => this.#checks);
    this.#checks = new Checks(this.#workspace, this.#engine, {
      started: (uri) => this.#status.started(uri),
      checked: (checked) => {
        this.#status.checked(checked);
        void this.#publishing.configuration(checked);
      },
      outdated: () => this.#publishing.outdated(),
      ended: (uri, error) => {
        this.#status.ended(uri, error);
        if (error !== undefined) connection.console.error(`${uri}: ${error.stack ?? error.message}`);
      },
    });
    const parts = {
      workspace: this.#workspace,
      checks: this.#checks,
      engine: this.#engine,
      abilities: this.#abilities,
    };
    this.#actions = new CodeActions(parts);
    this.#wholeWorkspace = new WholeWorkspace({ ...parts, connection, publishing: this.#publishing });
  }

  listen(): void {
    this.#lifecycle();
    this.#documents();
    this.#features();
    serveRequests(this.#connection, {
      workspace: this.#workspace,
      checks: this.#checks,
      wholeWorkspace: this.#wholeWorkspace,
    });
    this.#connection.listen();
  }

  #lifecycle(): void {
    const connection = this.#connection;
    connection.onInitialize((params): InitializeResult => {
      this.#abilities.read(params.capabilities);
      this.#workspace.initialize(params);
      return { capabilities: this.#capabilities(), serverInfo: { name: 'leakproof', version } };
    });
    connection.onInitialized(async () => {
      if (this.#abilities.dynamicConfiguration) {
        void connection.client.register(DidChangeConfigurationNotification.type, { section: 'leakproof' });
      }
      if (this.#abilities.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(async () => {
          this.#workspace.setFolders((await connection.workspace.getWorkspaceFolders()) ?? []);
          await this.#settingsChanged();
        });
      }
      await this.#register();
    });
    connection.onDidChangeConfiguration(async ({ settings }) => {
      this.#workspace.forgetSettings(settings);
      await this.#settingsChanged();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      this.#filesChanged(changes);
    });
    connection.onShutdown(() => this.#engine.close());
  }

  #capabilities(): InitializeResult['capabilities'] {
    const { pull, dynamicDiagnostics, resolveActions } = this.#abilities;
    return {
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        save: { includeText: false },
      },
      ...(pull && !dynamicDiagnostics
        ? { diagnosticProvider: { identifier: 'leakproof', interFileDependencies: true, workspaceDiagnostics: true } }
        : {}),
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, fixAllKind],
        resolveProvider: resolveActions,
      },
      hoverProvider: true,
      executeCommandProvider: { commands: [docsCommand] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
  }

  #documents(): void {
    const { documents } = this.#workspace;
    documents.onDidChangeContent(({ document }) => {
      const path = pathOf(document.uri);
      if (path?.endsWith('/leakproof.jsonc')) {
        void this.#publishing.showConfigurations();
        return;
      }
      if (path !== undefined) this.#engine.text(path, document.getText());
      this.#checks.edited();
      this.#wholeWorkspace.touched(document.uri);
      this.#publishing.edited(document.uri);
    });
    documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#engine.text(path, undefined);
      this.#checks.closed(document.uri);
      this.#status.closed(document.uri);
      this.#publishing.closed(document.uri);
      this.#wholeWorkspace.touched(document.uri);
      if (path?.endsWith('/leakproof.jsonc')) void this.#publishing.showConfigurations();
    });
    documents.onDidSave(async ({ document }) => {
      // Clients that watch no files tell at least of these.
      const { uri } = document;
      if (farReaching.test(uri)) this.#filesChanged([{ uri, type: FileChangeType.Changed }]);
      const settings = await this.#workspace.settings(document.uri);
      this.#checks.saved(document.uri);
      if (settings.run === 'onSave') this.#publishing.outdated();
    });
    documents.listen(this.#connection);
  }

  #features(): void {
    const connection = this.#connection;
    connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
      answering(async () => {
        const document = this.#workspace.documents.get(textDocument.uri);
        if (document === undefined) return { kind: 'full', items: [] };
        const checked = await this.#checks.shown(document, signalOf(token));
        const items = this.#publishing.diagnostics(checked);
        const id = resultId(items);
        return id === previousResultId ? { kind: 'unchanged', resultId: id } : { kind: 'full', resultId: id, items };
      }),
    );
    connection.languages.diagnostics.onWorkspace((params, token) =>
      answering(() => this.#wholeWorkspace.report(params, signalOf(token))),
    );
    connection.onCodeAction((params, token) => answering(() => this.#actions.list(params, signalOf(token))));
    connection.onCodeActionResolve((action) => answering(() => this.#actions.resolve(action)));
    connection.onHover(({ textDocument, position }) => {
      const document = this.#workspace.documents.get(textDocument.uri);
      const checked = this.#checks.latest(textDocument.uri);
      if (document === undefined) return null;
      return hoverAt(document, position, checked?.version === document.version ? checked.report : undefined);
    });
    connection.onExecuteCommand(async ({ command, arguments: [, url] = [] }) => {
      if (command !== docsCommand || typeof url !== 'string') return;
      if (this.#abilities.showDocument) await connection.window.showDocument({ uri: url, external: true });
      else void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message: url });
    });
  }

  #filesChanged(changes: readonly FileEvent[]): void {
    // What is open is seen as it is open: its saving changes nothing, its coming and going does.
    const relevant = changes.flatMap(({ uri, type }) => {
      const path = pathOf(uri);
      if (path === undefined || (type !== FileChangeType.Changed && !this.#concerns(path))) return [];
      const isSaved = type === FileChangeType.Changed && this.#workspace.document(path) !== undefined;
      return isSaved && !farReaching.test(path) ? [] : [path];
    });
    if (relevant.length === 0) return;
    this.#engine.filesChanged(relevant);
    this.#checks.worldChanged();
  }

  /** Whether the end of a file may change anything; what has no extension may have been a folder. */
  #concerns(path: string): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      isSourceFile(path) || farReaching.test(name) || !name.includes('.') || this.#watched?.includes(name) === true
    );
  }

  async #settingsChanged(): Promise<void> {
    this.#wholeWorkspace.forget();
    await this.#register();
    this.#checks.worldChanged();
  }

  /** Registers what depends on settings, and again when they say something else. */
  async #register(): Promise<void> {
    const folders = await Promise.all(
      this.#workspace.folders.map(async (folder) => ({
        folder,
        settings: await this.#workspace.settings(uriOf(folder)),
      })),
    );
    await this.#registerWatching(folders.map(({ folder, settings }) => configPattern(folder, settings.configPath)));
    await this.#registerDiagnostics(folders.some(({ settings: { enable, scope } }) => enable && scope === 'workspace'));
  }

  async #registerWatching(configs: readonly (string | undefined)[]): Promise<void> {
    if (!this.#abilities.dynamicWatching) return;
    const patterns = [...new Set([...watched, ...configs.filter((pattern) => pattern !== undefined)])];
    if (patterns.join() === this.#watched) return;
    this.#watched = patterns.join();
    const previous = this.#watchRegistration;
    // Of a folder that comes or goes editors may tell as a whole, and not of what is in it.
    const kind = WatchKind.Create | WatchKind.Delete;
    const watchers = [...patterns.map((globPattern) => ({ globPattern })), { globPattern: '**/*', kind }];
    this.#watchRegistration = this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    (await previous)?.dispose();
  }

  async #registerDiagnostics(workspaceDiagnostics: boolean): Promise<void> {
    if (!this.#abilities.dynamicDiagnostics || workspaceDiagnostics === this.#workspaceDiagnostics) return;
    this.#workspaceDiagnostics = workspaceDiagnostics;
    const previous = this.#diagnosticRegistration;
    this.#diagnosticRegistration = this.#connection.client.register(DocumentDiagnosticRequest.type, {
      documentSelector: selector,
      identifier: 'leakproof',
      interFileDependencies: true,
      workspaceDiagnostics,
    });
    (await previous)?.dispose();
  }
}

/** The glob of a configuration file that the settings name; one outside the folder cannot be watched. */
function configPattern(folder: string, configPath: string | undefined): string | undefined {
  if (configPath === undefined) return undefined;
  const relative = within(folder, absolute(folder, configPath));
  return relative === undefined ? undefined : `**/${relative}`;
}
