import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, DocumentDiagnosticReport, Position, Range } from 'vscode-languageserver/node';
import type { StatusParams } from '../../../protocol/messages.ts';
import { JsonRpc } from './jsonRpc.ts';

/** The built server, as editors start it. */
export const builtServer = resolve('dist/server.mjs');

/** What a full-grown client says of itself. */
export const able = {
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'source', 'source.fixAll'] } },
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
  window: { workDoneProgress: true },
};

export interface Registration {
  readonly id: string;
  readonly method: string;
  readonly registerOptions?: Record<string, unknown>;
}

export interface ClientOptions {
  readonly folders: readonly string[];
  readonly capabilities?: object;
  /** The section `leakproof` by path of the resource. */
  readonly settings?: (path: string) => object;
  readonly program?: string;
  readonly args?: readonly string[];
  /** The process whose end the server is not to outlive. */
  readonly parent?: number | undefined;
}

/** A client of the language server: a real process, spoken to in plain JSON-RPC. */
export class TestClient {
  readonly rpc: JsonRpc;
  readonly process: ChildProcess;
  readonly statuses: StatusParams[] = [];
  /** What was published without being asked for, by URI; the newest. */
  readonly published = new Map<string, Diagnostic[]>();
  readonly registrations: Registration[] = [];
  readonly log: string[] = [];
  refreshes = 0;
  stderr = '';
  #settings: (path: string) => object;
  readonly #versions = new Map<string, number>();
  readonly #texts = new Map<string, string>();

  private constructor({ settings, program = builtServer, args = ['--stdio'] }: ClientOptions) {
    this.#settings = settings ?? (() => ({}));
    this.process = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.process;
    if (stdin === null || stdout === null) throw new Error('no pipes');
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    stdin.on('error', () => {});
    this.rpc = new JsonRpc(stdout, stdin);
    this.#listen();
  }

  /** Starts a server and greets it. */
  static async start(options: ClientOptions): Promise<TestClient> {
    const client = new TestClient(options);
    const workspaceFolders = options.folders.map((path) => ({ uri: uri(path), name: path }));
    await client.rpc.request('initialize', {
      ...{ processId: options.parent ?? process.pid, rootUri: null, workspaceFolders },
      capabilities: options.capabilities ?? able,
      initializationOptions: options.settings?.(''),
    });
    client.rpc.notify('initialized', {});
    return client;
  }

  open(path: string, text: string, languageId = 'typescript'): void {
    this.#versions.set(path, 1);
    this.#texts.set(path, text);
    this.rpc.notify('textDocument/didOpen', { textDocument: { uri: uri(path), languageId, version: 1, text } });
  }

  /** Replaces a part of an open text, as an editor does: only the part is sent. */
  edit(path: string, part: string, replacement: string): void {
    const text = this.text(path);
    const at = text.indexOf(part);
    if (at === -1) throw new Error(`no ${JSON.stringify(part)} in the text`);
    const range = { start: positionAt(text, at), end: positionAt(text, at + part.length) };
    this.#texts.set(path, text.slice(0, at) + replacement + text.slice(at + part.length));
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    const contentChanges = [{ range, text: replacement }];
    this.rpc.notify('textDocument/didChange', { textDocument: { uri: uri(path), version }, contentChanges });
  }

  text(path: string): string {
    return this.#texts.get(path) ?? '';
  }

  save(path: string): void {
    this.rpc.notify('textDocument/didSave', { textDocument: { uri: uri(path) } });
  }

  close(path: string): void {
    this.rpc.notify('textDocument/didClose', { textDocument: { uri: uri(path) } });
  }

  pull(path: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.rpc.request('textDocument/diagnostic', { textDocument: { uri: uri(path) }, previousResultId });
  }

  /** Asks until types have answered, and tells what is shown then. */
  async settled(path: string): Promise<Diagnostic[]> {
    await this.diagnostics(path);
    const answered = () => this.statuses.findLast((each) => each.uri === uri(path) && each.state !== 'busy');
    const before = this.refreshes;
    if (answered()?.backend === 'pending') await this.eventually(() => this.refreshes > before, 'a refresh');
    return await this.diagnostics(path);
  }

  /** What is shown in a file now. */
  async diagnostics(path: string): Promise<Diagnostic[]> {
    const report = await this.pull(path);
    return report.kind === 'full' ? report.items : [];
  }

  /** Asks, whenever told to and otherwise now and then, until the answer is as wanted. */
  async until(path: string, wanted: (items: Diagnostic[]) => boolean, patienceMs = 30_000): Promise<Diagnostic[]> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const items = await this.diagnostics(path);
      if (wanted(items)) return items;
      if (Date.now() > end) throw new Error(`never came as wanted; last: ${JSON.stringify(items, undefined, 1)}`);
      await delay(50);
    }
  }

  /** Waits for something to come true. */
  async eventually(condition: () => boolean, what: string, patienceMs = 30_000): Promise<void> {
    const end = Date.now() + patienceMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`never happened: ${what}`);
      await delay(20);
    }
  }

  actions(path: string, range: Range, only?: readonly string[]): Promise<CodeAction[]> {
    const context = { diagnostics: [], ...(only === undefined ? {} : { only }) };
    return this.rpc.request('textDocument/codeAction', { textDocument: { uri: uri(path) }, range, context });
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.rpc.request('codeAction/resolve', action);
  }

  /** The text of an open file after an edit of the workspace. */
  after(path: string, { edit }: CodeAction): string {
    const own = edit?.documentChanges?.flatMap((change) =>
      'edits' in change && change.textDocument.uri === uri(path) ? change.edits : [],
    );
    const edits = (own ?? edit?.changes?.[uri(path)] ?? []).map((each) => ({
      range: each.range,
      newText: 'newText' in each ? each.newText : each.snippet.value,
    }));
    const text = this.text(path);
    return edits
      .map(({ range, newText }) => ({ start: offsetAt(text, range.start), end: offsetAt(text, range.end), newText }))
      .sort((a, b) => b.start - a.start)
      .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
  }

  /** Files changed on disk. */
  changedOnDisk(...paths: readonly string[]): void {
    this.rpc.notify('workspace/didChangeWatchedFiles', { changes: paths.map((path) => ({ uri: uri(path), type: 2 })) });
  }

  configure(settings: (path: string) => object): void {
    this.#settings = settings;
    this.rpc.notify('workspace/didChangeConfiguration', { settings: null });
  }

  /** Says goodbye and waits for the end of the process. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const exited = once(this.process, 'exit');
    await this.rpc.request('shutdown').catch(() => undefined);
    this.rpc.notify('exit');
    const killer = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    const [code] = await exited;
    clearTimeout(killer);
    return code as number | null;
  }

  #listen(): void {
    this.rpc.on('workspace/configuration', ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.#settings(decodeURIComponent((scopeUri ?? '').replace('file://', '')))),
    );
    this.rpc.on('client/registerCapability', ({ registrations }: { registrations: Registration[] }) => {
      this.registrations.push(...registrations);
    });
    this.rpc.on('workspace/diagnostic/refresh', () => {
      this.refreshes++;
    });
    this.rpc.on('leakproof/status', (status: StatusParams) => void this.statuses.push(status));
    this.rpc.on('window/logMessage', ({ message }: { message: string }) => void this.log.push(message));
    this.rpc.on('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
      this.published.set(params.uri, params.diagnostics);
    });
  }
}

export function uri(path: string): string {
  return pathToFileURL(path).href;
}

/** The place of the first occurrence of a part of a text. */
export function placeOf(text: string, part: string): Range {
  const at = text.indexOf(part);
  return { start: positionAt(text, at), end: positionAt(text, at + part.length) };
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function offsetAt(text: string, { line, character }: Position): number {
  const lines = text.split('\n');
  return lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
}
