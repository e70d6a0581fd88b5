import type { Watch, WatchedCall } from './typeTier.ts';

/** Cells of the shared memory, 32-bit integers each. */
const cell = { pid: 0, calls: 1, kind: 2 } as const;
const cells = 3;

const kinds: readonly WatchedCall[] = ['opening', 'question'];

/** How long a call may take, in milliseconds. */
export type Deadlines = Readonly<Record<WatchedCall, number>>;

const usualDeadlines: Deadlines = { opening: 60_000, question: 20_000 };

/** What the supervised thread gets at its start. */
export function createSupervisionMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The supervised side. Nothing but memory connects the threads: while the worker waits for a child it can neither send
 * nor receive messages.
 */
export function watchThrough(memory: SharedArrayBuffer): Watch {
  const shared = new Int32Array(memory);
  return {
    started: (pid) => void Atomics.store(shared, cell.pid, pid ?? 0),
    begin(call) {
      Atomics.store(shared, cell.kind, kinds.indexOf(call));
      // Odd while a call runs; the number also tells one call from the next.
      Atomics.add(shared, cell.calls, 1);
    },
    end: () => void Atomics.add(shared, cell.calls, 1),
  };
}

export interface Supervisor {
  /** Ends supervision, and the child when the worker did not. Idempotent. */
  stop(): void;
}

/**
 * The supervising side: kills the child of a call that exceeds its deadline. The call then throws in the worker, which
 * starts another child. Times are measured by this thread's own clock, from when it first sees the call.
 *
 * @param deadlines in milliseconds; read at every look, so they may change
 */
export function supervise(memory: SharedArrayBuffer, deadlines: Deadlines = usualDeadlines): Supervisor {
  const shared = new Int32Array(memory);
  let seen = { call: 0, since: 0 };
  const kill = (): void => {
    const pid = Atomics.load(shared, cell.pid);
    if (pid > 0) {
      killProcess(pid);
    }
  };
  const look = (): void => {
    const now = performance.now();
    const call = Atomics.load(shared, cell.calls);
    if (call !== seen.call) {
      seen = { call, since: now };
      return;
    }
    const kind = kinds[Atomics.load(shared, cell.kind)] ?? 'opening';
    if (call % 2 !== 0 && now - seen.since >= deadlines[kind]) {
      seen = { call, since: now };
      kill();
    }
  };
  const timer = setInterval(look, Math.min(1000, deadlines.question / 4, deadlines.opening / 4));
  timer.unref();
  const stop = (): void => {
    clearInterval(timer);
    process.off('exit', stop);
    kill();
    Atomics.store(shared, cell.pid, 0);
  };
  // A child that still answers ends with its standard input; one that hangs would outlive this process.
  process.on('exit', stop);
  return { stop };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
