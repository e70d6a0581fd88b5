import { Worker } from 'node:worker_threads';
import { createSupervisionMemory, type Deadlines, type Supervisor, supervise } from '../types/supervise.ts';
import type { EngineMessage, EngineRequest } from './protocol.ts';
import type { EngineWorkerData } from './worker.ts';

/** The parser descends as deep as expressions nest; generated code has sums of ten thousand terms. */
const stackSizeMb = 64;

export interface EngineThreadEvents {
  readonly message: (message: EngineMessage) => void;
  /** The thread is gone: ended, broken down or terminated. */
  readonly gone: (error: Error) => void;
}

/** The engine's worker with the supervision of what it starts. */
export class EngineThread {
  readonly #cancelled = new SharedArrayBuffer(4);
  readonly #worker: Worker;
  readonly #supervisor: Supervisor;
  readonly #exited: Promise<void>;

  constructor(url: URL, deadlines: Deadlines | undefined, { message, gone }: EngineThreadEvents) {
    const workerData: EngineWorkerData = { cancelled: this.#cancelled, supervision: createSupervisionMemory() };
    this.#worker = new Worker(url, { workerData, resourceLimits: { stackSizeMb } });
    this.#supervisor = supervise(workerData.supervision, deadlines);
    let cause: Error | undefined;
    this.#worker.on('message', message);
    this.#worker.on('error', (error: Error) => {
      cause = error;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#supervisor.stop();
        gone(cause ?? new Error(`the engine ended unexpectedly (exit code ${code})`));
        resolve();
      });
    });
  }

  post(request: EngineRequest): void {
    this.#worker.postMessage(request);
  }

  /** Makes that request end early; its result is incomplete. */
  cancel(id: number): void {
    Atomics.store(new Int32Array(this.#cancelled), 0, id);
  }

  /** Lets the worker end in good order, with the processes it started. */
  async close(): Promise<void> {
    this.post({ kind: 'close' });
    await this.#exited;
  }

  /** Ends the worker by force. */
  terminate(): void {
    // A worker that waits for a child cannot be terminated; without the child it no longer waits.
    this.#supervisor.stop();
    void this.#worker.terminate();
  }
}
