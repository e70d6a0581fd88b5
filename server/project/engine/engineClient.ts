import { Worker } from 'node:worker_threads';
import type { CheckOutcome, CheckRequest, EngineMessage, EngineRequest, Progress } from './protocol.ts';
import type { EngineWorkerData } from './worker.ts';

/** The main thread's end of the engine: one worker, started at the first request. */
export class EngineClient {
  readonly #url: URL;
  readonly #cancelled = new SharedArrayBuffer(4);
  readonly #pending = new Map<number, Pending>();
  readonly #onProgress: (progress: Progress) => void;
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(workerUrl: URL, onProgress: (progress: Progress) => void) {
    this.#url = workerUrl;
    this.#onProgress = onProgress;
  }

  /** Runs one check. Rejects when the engine breaks down as a whole. */
  check(request: CheckRequest): Promise<CheckOutcome> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ kind: 'check', id, request });
    });
  }

  /** Makes the running request end early; its result is incomplete. */
  cancel(): void {
    Atomics.store(new Int32Array(this.#cancelled), 0, 1);
  }

  /** Ends the worker and the processes it started. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'close' } satisfies EngineRequest);
    await exited;
  }

  #send(request: EngineRequest): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const workerData: EngineWorkerData = { cancelled: this.#cancelled };
    const worker = new Worker(this.#url, { workerData });
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', (code) => this.#fail(new Error(`the engine ended unexpectedly (exit code ${code})`)));
    return worker;
  }

  #receive(message: EngineMessage): void {
    if (message.kind === 'progress') {
      this.#onProgress(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'done') pending?.resolve(message.outcome);
    else pending?.reject(Object.assign(new Error(message.message), { stack: message.stack }));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

interface Pending {
  readonly resolve: (outcome: CheckOutcome) => void;
  readonly reject: (error: Error) => void;
}
