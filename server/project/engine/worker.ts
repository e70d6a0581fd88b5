import type { MessagePort } from 'node:worker_threads';
import type { EditorRequest, EditorTasks, TaskKind } from '../editor/protocol.ts';
import type { EditorService } from '../editor/service.ts';
import { watchThrough } from '../types/supervise.ts';
import { runCheck } from './checkRun.ts';
import type { EngineParts } from './parts.ts';
import type { EngineMessage, EngineRequest, Progress } from './protocol.ts';
import type { ThreadControl } from './session.ts';

/** What the main thread hands to the worker at its start. */
export interface EngineWorkerData {
  /** One 32-bit cell: the number of the request that is to end early; 0: none. */
  readonly cancelled: SharedArrayBuffer;
  /** Tells the main thread what this one waits for, so that it can kill a child that hangs. */
  readonly supervision: SharedArrayBuffer;
}

const progressInterval = 50;

/** Serves the engine on a port until it is told to close. Runs inside the worker. */
export function serveEngine(port: MessagePort, data: EngineWorkerData, parts: EngineParts): void {
  const server = new EngineServer(port, data, parts);
  // Requests are answered one after the other: they share one session.
  let last = Promise.resolve();
  port.on('message', (message: EngineRequest) => {
    last = last.then(() => server.serve(message));
  });
}

class EngineServer {
  readonly #port: MessagePort;
  readonly #parts: EngineParts;
  readonly #control: ThreadControl;
  #editor: EditorService | undefined;
  /** The request being served. */
  #current = 0;

  constructor(port: MessagePort, data: EngineWorkerData, parts: EngineParts) {
    const cancelled = new Int32Array(data.cancelled);
    this.#port = port;
    this.#parts = parts;
    this.#control = {
      cancelled: () => Atomics.load(cancelled, 0) === this.#current,
      progress: throttled((progress) => this.#post({ kind: 'progress', progress })),
      watch: watchThrough(data.supervision),
    };
  }

  async serve(message: EngineRequest): Promise<void> {
    if (message.kind === 'close') {
      this.#editor?.close();
      this.#port.close();
      return;
    }
    const { id } = message;
    this.#current = id;
    try {
      if (message.kind === 'editor') {
        this.#post({ kind: 'answer', id, answer: await this.#edit(message) });
      } else {
        this.#post({ kind: 'done', id, outcome: await runCheck(message.request, this.#parts, this.#control) });
      }
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error));
      this.#post({ kind: 'failed', id, message: fault.message, stack: fault.stack });
    }
  }

  async #edit<K extends TaskKind>({ task, input, changes }: EditorRequest<K>): Promise<EditorTasks[K]['out']> {
    if (this.#editor === undefined) {
      const { EditorService } = await import('../editor/service.ts');
      this.#editor = new EditorService(this.#parts, this.#control);
    }
    await this.#editor.apply(changes);
    try {
      return await this.#editor.handlers[task](input);
    } finally {
      if (this.#control.cancelled()) await this.#editor.recover();
    }
  }

  #post(message: EngineMessage): void {
    this.#port.postMessage(message);
  }
}

function throttled(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < progressInterval) return;
    last = now;
    report(progress);
  };
}
