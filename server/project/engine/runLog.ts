import { comparePaths, display } from '../files/paths.ts';
import type { RunError, RunNote, Timings } from './protocol.ts';

/** Collects what is to be said about a run besides its findings, without saying anything twice. */
export class RunLog {
  readonly #skipped = new Map<string, string>();
  readonly #errors = new Map<string, RunError>();
  readonly #warnings: RunNote[] = [];

  skipped(path: string, reason: string): void {
    this.#skipped.set(path, reason);
  }

  /** Wanted but failed; `fatal`: the tool could not do its work. */
  error(path: string, message: string, fatal: boolean): void {
    this.#errors.set(`${path}\0${message}`, { path, message, fatal });
  }

  /** A fault of Leakproof itself in one file: the others go on. */
  crash(path: string, error: unknown, fatal: boolean): void {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const stack = process.env.LEAKPROOF_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
    this.error(path, `internal error (${message}); please report it, with this file if you can${stack}`, fatal);
  }

  warning(path: string, message: string): void {
    this.#warnings.push({ path, message });
  }

  /** Everything, sorted by paths as they are shown in that directory. */
  result(cwd: string): {
    skipped: { path: string; reason: string }[];
    errors: RunError[];
    warnings: RunNote[];
  } {
    const byPath = (a: { path: string }, b: { path: string }): number =>
      comparePaths(display(cwd, a.path), display(cwd, b.path));
    return {
      skipped: [...this.#skipped].map(([path, reason]) => ({ path, reason })).sort(byPath),
      // The sort is stable: problems of one file stay in their order.
      errors: [...this.#errors.values()].sort(byPath),
      warnings: this.#warnings,
    };
  }
}

/** Measures the phases of a run and its slowest files. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #phases = new Map<string, number>();
  readonly #files = new Map<string, number>();
  #phase: { name: string; since: number } | undefined;

  /** Ends the phase before and begins the next. */
  phase(name: string | undefined): void {
    const now = performance.now();
    if (this.#phase !== undefined) this.add(this.#phase.name, now - this.#phase.since);
    this.#phase = name === undefined ? undefined : { name, since: now };
  }

  add(name: string, ms: number): void {
    this.#phases.set(name, (this.#phases.get(name) ?? 0) + ms);
  }

  file<T>(path: string, work: () => T): T {
    const since = performance.now();
    try {
      return work();
    } finally {
      this.#files.set(path, (this.#files.get(path) ?? 0) + performance.now() - since);
    }
  }

  total(): number {
    return Math.round(performance.now() - this.#started);
  }

  timings(): Timings {
    return {
      phases: [...this.#phases].map(([name, ms]) => ({ name, ms: Math.round(ms) })),
      slowest: [...this.#files]
        .map(([path, ms]) => ({ path, ms: Math.round(ms) }))
        .sort((a, b) => b.ms - a.ms || comparePaths(a.path, b.path))
        .slice(0, 10),
    };
  }
}
