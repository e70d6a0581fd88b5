import { EngineThread } from '../engine/engineThread.ts';
import type { EngineMessage } from '../engine/protocol.ts';
import type { Deadlines } from '../types/supervise.ts';
import type { EditorTasks, TaskKind } from './protocol.ts';

/** What comes first. Whoever waits in front of the screen goes before what settles by itself. */
const priorities = { answer: 0, settle: 1, workspace: 2, background: 3 } as const;
export type Priority = keyof typeof priorities;

/** No task takes that long unless it will never end. */
const longestTaskMs = 180_000;
/** A task that broke the worker down twice will do so again. */
const mostAttempts = 2;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** The task was not done, or not to its end, because nobody wants it any more. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export interface EditorClientOptions {
  readonly workerUrl: URL;
  readonly deadlines?: Deadlines | undefined;
  readonly log: (message: string) => void;
}

interface Job {
  readonly id: number;
  readonly kind: TaskKind;
  readonly input: unknown;
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

/**
 * The main thread's end of an editor's engine. Tasks wait here, not in the worker: so they can be overtaken and dropped.
 * A worker that breaks down is started again and told everything that it has to know.
 */
export class EditorClient {
  readonly #options: EditorClientOptions;
  /** Texts of open documents: what a new worker is told. */
  readonly #texts = new Map<string, string>();
  readonly #changedTexts = new Set<string>();
  readonly #changedFiles = new Set<string>();
  #queue: Job[] = [];
  #running: Job | undefined;
  #thread: EngineThread | undefined;
  #pauseUntil = 0;
  #failures = 0;
  #lastId = 0;
  #closed = false;

  constructor(options: EditorClientOptions) {
    this.#options = options;
  }

  /** The text of an open document; `undefined`: closed. Takes effect before the next task. */
  text(path: string, text: string | undefined): void {
    if (text === undefined) this.#texts.delete(path);
    else this.#texts.set(path, text);
    this.#changedTexts.add(path);
  }

  /** Files that came into being, changed or vanished on disk. */
  filesChanged(paths: Iterable<string>): void {
    for (const path of paths) this.#changedFiles.add(path);
  }

  /**
   * Has a task done.
   * @throws Cancelled when the signal says so first; an Error when the engine cannot do it.
   */
  run<K extends TaskKind>(
    kind: K,
    input: EditorTasks[K]['in'],
    priority: Priority,
    signal?: AbortSignal,
  ): Promise<EditorTasks[K]['out']> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted || this.#closed) {
        reject(new Cancelled());
        return;
      }
      const job: Job = {
        ...{ id: ++this.#lastId, kind, input, priority: priorities[priority], signal, attempts: 0 },
        ...{ resolve, reject },
      };
      signal?.addEventListener('abort', () => this.#abort(job), { once: true });
      this.#queue.push(job);
      // What goes on in the background goes on later.
      const running = this.#running;
      if (running?.kind === 'index' && job.priority < running.priority) this.#thread?.cancel(running.id);
      this.#next();
    });
  }

  /** Ends the worker and what it started. Nothing is done any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue) job.reject(new Cancelled());
    this.#queue = [];
    if (this.#running !== undefined) {
      this.#thread?.terminate();
      return;
    }
    await this.#thread?.close();
  }

  #abort(job: Job): void {
    if (job === this.#running) {
      this.#thread?.cancel(job.id);
      return;
    }
    this.#queue = this.#queue.filter((each) => each !== job);
    job.reject(new Cancelled());
  }

  #next(): void {
    if (this.#running !== undefined || this.#queue.length === 0 || this.#closed) return;
    const wait = this.#pauseUntil - performance.now();
    if (wait > 0) {
      setTimeout(() => this.#next(), wait);
      return;
    }
    let job = this.#queue[0] as Job;
    for (const each of this.#queue) if (each.priority < job.priority) job = each;
    this.#queue = this.#queue.filter((each) => each !== job);
    this.#post(job);
  }

  #post(job: Job): void {
    this.#running = job;
    job.attempts++;
    if (this.#thread === undefined) {
      this.#thread = this.#start();
      for (const path of this.#texts.keys()) this.#changedTexts.add(path);
    }
    const texts = [...this.#changedTexts].map((path) => [path, this.#texts.get(path)] as const);
    const changes = { texts, disk: [...this.#changedFiles] };
    this.#changedTexts.clear();
    this.#changedFiles.clear();
    this.#thread.post({ kind: 'editor', id: job.id, task: job.kind, input: job.input as never, changes });
    const thread = this.#thread;
    const deadline = setTimeout(() => {
      if (this.#running === job) thread.terminate();
    }, longestTaskMs);
    deadline.unref();
  }

  #start(): EngineThread {
    const { workerUrl, deadlines } = this.#options;
    return new EngineThread(workerUrl, deadlines, {
      message: (message) => this.#receive(message),
      gone: (error) => this.#gone(error),
    });
  }

  #receive(message: EngineMessage): void {
    const job = this.#running;
    if (job === undefined || message.kind === 'progress' || message.id !== job.id) return;
    this.#running = undefined;
    this.#failures = 0;
    if (job.signal?.aborted) job.reject(new Cancelled());
    else if (message.kind === 'answer') job.resolve(message.answer as never);
    else if (message.kind === 'failed') job.reject(Object.assign(new Error(message.message), { stack: message.stack }));
    this.#next();
  }

  #gone(error: Error): void {
    this.#thread = undefined;
    const job = this.#running;
    this.#running = undefined;
    if (this.#closed) {
      job?.reject(new Cancelled());
      return;
    }
    this.#options.log(`The engine broke down and is started again: ${error.message}`);
    this.#pauseUntil = performance.now() + Math.min(longestPauseMs, firstPauseMs * 4 ** this.#failures);
    this.#failures++;
    if (job?.signal?.aborted) job.reject(new Cancelled());
    else if (job !== undefined && job.attempts < mostAttempts) this.#queue.unshift(job);
    else job?.reject(error);
    this.#next();
  }
}
