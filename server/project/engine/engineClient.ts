import { Worker } from 'node:worker_threads';
import { createSupervisionMemory, type Deadlines, type Supervisor, supervise } from '../types/supervise.ts';
import type { CheckOutcome, CheckRequest, EngineMessage, EngineRequest, Progress } from './protocol.ts';
import type { EngineWorkerData } from './worker.ts';

/** The parser descends as deep as expressions nest; generated code has sums of ten thousand terms. */
const stackSizeMb = 64;

/** How long a cancelled request may take to end by itself. */
const patienceMs = 1500;

/** The main thread's end of the engine: one worker, started at the first request, and its supervision. */
export class EngineClient {
  readonly #url: URL;
  readonly #cancelled = new SharedArrayBuffer(4);
  readonly #pending = new Map<number, Pending>();
  readonly #onProgress: (progress: Progress) => void;
  readonly #deadlines: Deadlines | undefined;
  #running: { readonly worker: Worker; readonly supervisor: Supervisor } | undefined;
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
      this.#send({ kind: 'check', id, request });
    });
  }

  /** Makes the running request end early; its result is incomplete. A worker that does not hear is ended by force. */
  cancel(): void {
    Atomics.store(new Int32Array(this.#cancelled), 0, 1);
    setTimeout(() => this.#terminate(), patienceMs).unref();
  }

  /** Ends the worker and the processes it started. */
  async close(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const exited = new Promise((resolve) => running.worker.once('exit', resolve));
    running.worker.postMessage({ kind: 'close' } satisfies EngineRequest);
    await exited;
  }

  #send(request: EngineRequest): void {
    this.#running ??= this.#start();
    this.#running.worker.postMessage(request);
  }

  #start(): { worker: Worker; supervisor: Supervisor } {
    const workerData: EngineWorkerData = { cancelled: this.#cancelled, supervision: createSupervisionMemory() };
    const worker = new Worker(this.#url, { workerData, resourceLimits: { stackSizeMb } });
    const supervisor = supervise(workerData.supervision, this.#deadlines);
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', (code) => {
      this.#running = undefined;
      supervisor.stop();
      this.#fail(new Error(`the engine ended unexpectedly (exit code ${code})`));
    });
    return { worker, supervisor };
  }

  #terminate(): void {
    // A worker that waits for a child cannot be terminated; without the child it no longer waits.
    this.#running?.supervisor.stop();
    void this.#running?.worker.terminate();
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
