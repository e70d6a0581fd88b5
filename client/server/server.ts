import { type CancellationToken, Disposable, EventEmitter, type LogOutputChannel } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type LanguageClientOptions,
  type RequestType,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { StatusParams } from '../../protocol/messages.ts';
import { configName, languages } from '../settings.ts';
import { offline } from './offline.ts';
import { StatusNotification } from './protocol.ts';
import { QuietClient } from './quietClient.ts';
import { RestartBudget } from './restartBudget.ts';

export type ServerState = 'starting' | 'running' | 'stopped';

/** Says in one sentence why a command cannot do its work. */
export class ServerDown extends Error {}

/** The language server as the rest of the extension sees it: requests, and in which state it is. */
export class Server implements Disposable {
  readonly #log: LogOutputChannel;
  readonly #client: QuietClient;
  readonly #budget = new RestartBudget();
  readonly #stateChanged = new EventEmitter<ServerState>();
  readonly #statusArrived = new EventEmitter<StatusParams>();
  readonly #disposables: Disposable;
  #state: ServerState = 'starting';
  #problem: string | undefined;

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onStatus = this.#statusArrived.event;

  constructor(module: string, cwd: string, log: LogOutputChannel) {
    this.#log = log;
    // The host's own Node runs the server, away from the workspace: nothing that lies there is loaded.
    const run = { module, transport: TransportKind.ipc, options: { cwd } };
    this.#client = new QuietClient('leakproof', 'Leakproof', { run, debug: run }, this.#options());
    this.#disposables = Disposable.from(
      this.#stateChanged,
      this.#statusArrived,
      this.#client.onDidChangeState(({ newState }) => this.#follow(newState)),
      this.#client.onNotification(StatusNotification, (status) => this.#statusArrived.fire(status)),
    );
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Why there is no server, when there is none. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The server's process, for the report and for tests. */
  get pid(): number | undefined {
    return this.#client.serverProcess?.pid;
  }

  /** The client, for what the protocol of language servers has anyway. */
  get client(): QuietClient {
    return this.#client;
  }

  /** Starts the server. Never throws: the state tells how it went. */
  async start(): Promise<void> {
    try {
      await this.#client.start();
    } catch (error) {
      this.#problem ??= error instanceof Error ? error.message : String(error);
      this.#log.error(`The server could not be started: ${this.#problem}`);
      this.#change('stopped');
    }
  }

  /** Stops the server, if it runs, and starts it anew. */
  async restart(): Promise<void> {
    this.#budget.reset();
    this.#problem = undefined;
    // A server that does not answer must not keep its successor from starting.
    await this.#client.stop().catch((error: unknown) => this.#log.warn(`The server did not stop: ${error}`));
    await this.start();
  }

  /** Asks the server. Throws `ServerDown` with a sentence for people when there is nobody to ask. */
  async request<P, R>(type: RequestType<P, R, void>, params: P, token?: CancellationToken): Promise<R> {
    if (this.#state === 'starting') await this.#client.start().catch(() => undefined);
    if (this.#state !== 'running') throw new ServerDown(this.#downMessage());
    // A third argument that is undefined would count as a second parameter.
    const { method } = type;
    return token ? this.#client.sendRequest<R>(method, params, token) : this.#client.sendRequest<R>(method, params);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #downMessage(): string {
    const why = this.#problem ? `: ${this.#problem}` : '';
    return `The Leakproof server is not running${why}. Restart it, or look at its output.`;
  }

  #follow(state: State): void {
    if (state === State.Running) {
      this.#problem = undefined;
      this.#change('running');
    } else if (state === State.Starting) this.#change('starting');
    else this.#change('stopped');
  }

  #change(state: ServerState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  #options(): LanguageClientOptions {
    const inEditor = (scheme: string) => languages.map((language) => ({ scheme, language }));
    return {
      documentSelector: [
        ...inEditor('file'),
        ...inEditor('untitled'),
        { scheme: 'file', pattern: `**/${configName}`, language: 'jsonc' },
      ],
      outputChannel: this.#log,
      traceOutputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      progressOnInitialization: false,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(),
      },
      // Whether a change is looked at before it is saved is decided by the server: it has the setting, too.
      diagnosticPullOptions: { onChange: true, onSave: true },
      middleware: offline,
    };
  }

  #closed(): { action: CloseAction; handled: true } {
    if (this.#budget.spend()) {
      this.#log.warn('The server ended unexpectedly and is started again.');
      return { action: CloseAction.Restart, handled: true };
    }
    this.#problem = this.#budget.exhausted;
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
