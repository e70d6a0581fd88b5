import type { MessagePort } from 'node:worker_threads';
import { watchThrough } from '../types/supervise.ts';
import { runCheck } from './checkRun.ts';
import type { EngineParts } from './parts.ts';
import type { EngineMessage, EngineRequest, Progress } from './protocol.ts';

/** What the main thread hands to the worker at its start. */
export interface EngineWorkerData {
  /** One 32-bit cell: not 0 means that the running request is to end early. */
  readonly cancelled: SharedArrayBuffer;
  /** Tells the main thread what this one waits for, so that it can kill a child that hangs. */
  readonly supervision: SharedArrayBuffer;
}

const progressInterval = 50;

/** Serves the engine on a port until it is told to close. Runs inside the worker. */
export function serveEngine(port: MessagePort, data: EngineWorkerData, parts: EngineParts): void {
  const cancelled = new Int32Array(data.cancelled);
  const watch = watchThrough(data.supervision);
  const post = (message: EngineMessage): void => port.postMessage(message);
  port.on('message', async (message: EngineRequest) => {
    if (message.kind === 'close') {
      port.close();
      return;
    }
    try {
      const outcome = await runCheck(message.request, parts, {
        cancelled: () => Atomics.load(cancelled, 0) !== 0,
        progress: throttled((progress) => post({ kind: 'progress', progress })),
        watch,
      });
      post({ kind: 'done', id: message.id, outcome });
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error));
      post({ kind: 'failed', id: message.id, message: fault.message, stack: fault.stack });
    }
  });
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
