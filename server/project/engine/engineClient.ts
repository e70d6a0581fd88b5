import type { Deadlines } from '../types/supervise.ts';
import { EngineThread } from './engineThread.ts';
import type { CheckOutcome, CheckRequest, EngineMessage, Progress } from './protocol.ts';

/** How long a cancelled request may take to end by itself. */
const patienceMs = 1500;

/** The main thread's end of the engine: one worker, started at the first request, and its supervision. */
export class EngineClient {
  readonly #url: URL;
  readonly #pending = new Map<number, Pending>();
  readonly #onProgress: (progress: Progress) => void;
  readonly #deadlines: Deadlines | undefined;
  #thread: EngineThread | undefined;
  #lastId = 0;

  /** @param deadlines of the type compiler's answers, in milliseconds; absent: generous ones. */
  constructor(workerUrl: URL, onProgress: (progress: Progress) => void, deadlines?: Deadlines) {
    this.#url = workerUrl;
    this.#onProgress = onProgress;
    this.#deadlines = deadlines;
  }

  /** Runs one check. Rejects when the engine breaks down as a whole. */
  check(request: CheckRequest): Promise<CheckOutcome> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#thread ??= this.#start();
      this.#thread.post({ kind: 'check', id, request });
    });
  }

  /** Makes the running request end early; its result is incomplete. A worker that does not hear is ended by force. */
  cancel(): void {
    this.#thread?.cancel(this.#lastId);
    setTimeout(() => this.#thread?.terminate(), patienceMs).unref();
  }

  /** Ends the worker and the processes it started. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #start(): EngineThread {
    return new EngineThread(this.#url, this.#deadlines, {
      message: (message) => this.#receive(message),
      gone: (error) => {
        this.#thread = undefined;
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
      },
    });
  }

  #receive(message: EngineMessage): void {
    if (message.kind === 'progress') {
      this.#onProgress(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'done') pending?.resolve(message.outcome);
    else if (message.kind === 'failed') {
      pending?.reject(Object.assign(new Error(message.message), { stack: message.stack }));
    }
  }
}

interface Pending {
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: Error) => void;
}
