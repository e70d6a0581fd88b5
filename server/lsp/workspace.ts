import type { ClientCapabilities, Connection, InitializeParams, WorkspaceFolder } from 'vscode-languageserver/node';
import { TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { Scope } from '../project/editor/protocol.ts';
import { within } from '../project/files/paths.ts';
import { readSettings, type Settings } from './settings.ts';
import { pathOf, uriOf } from './uris.ts';

/** What the client has open, and what it has set: documents, folders and settings by resource. */
export class Workspace {
  readonly documents = new TextDocuments(TextDocument);
  readonly #connection: Connection;
  readonly #settings = new Map<string, Promise<Settings>>();
  /** URIs of open documents by path: clients spell them in their own ways. */
  readonly #uris = new Map<string, string>();
  #folders: readonly string[] = [];
  #capabilities: ClientCapabilities = {};
  #pushed: unknown;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.documents.onDidOpen(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#uris.set(path, document.uri);
    });
    this.documents.onDidClose(({ document }) => {
      this.#settings.delete(document.uri);
      this.#uris.delete(pathOf(document.uri) ?? '');
    });
  }

  /** The folders' paths. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  initialize(params: InitializeParams): void {
    this.#capabilities = params.capabilities;
    this.#pushed = params.initializationOptions;
    const root = params.rootUri ?? (params.rootPath ? URI.file(params.rootPath).toString() : null);
    const folders = params.workspaceFolders ?? (root === null ? [] : [{ uri: root, name: '' }]);
    this.setFolders(folders);
  }

  setFolders(folders: readonly WorkspaceFolder[]): void {
    this.#folders = folders.flatMap(({ uri }) => pathOf(uri)?.replace(/(?<=.)\/$/, '') ?? []);
    this.forgetSettings();
  }

  /** Settings changed; clients without `workspace/configuration` send them along. */
  forgetSettings(pushed?: unknown): void {
    const own = (pushed as { leakproof?: unknown } | null | undefined)?.leakproof;
    if (own !== undefined && own !== null) this.#pushed = own;
    this.#settings.clear();
  }

  /** The settings of a document or folder. */
  settings(uri: string): Promise<Settings> {
    let settings = this.#settings.get(uri);
    if (settings === undefined) {
      settings = this.#ask(uri);
      this.#settings.set(uri, settings);
    }
    return settings;
  }

  async #ask(uri: string): Promise<Settings> {
    if (this.#capabilities.workspace?.configuration !== true) return readSettings(this.#pushed);
    try {
      return readSettings(await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: 'leakproof' }));
    } catch {
      return readSettings(this.#pushed);
    }
  }

  /** Where a file belongs: the innermost folder around it, or its own directory. */
  scope(path: string, settings: Settings): Scope {
    const around = this.#folders.filter((folder) => within(folder, path) !== undefined);
    const innermost = around.sort((a, b) => b.length - a.length)[0];
    return scopeOf(innermost ?? path.slice(0, path.lastIndexOf('/')), settings);
  }

  /** The URI of a path as the client spells it. */
  uri(path: string): string {
    return this.#uris.get(path) ?? uriOf(path);
  }

  /** The open document of a path. */
  document(path: string): TextDocument | undefined {
    return this.documents.get(this.uri(path));
  }
}

/** The scope of a folder. */
export function scopeOf(root: string, { configPath, severity, exclude }: Settings): Scope {
  return { root, config: configPath, severity, exclude };
}
