import type { TypeBackend, TypeQuestions } from '../../analysis/facts.ts';

/**
 * The seam to whatever knows types; nothing above it knows which back-end answers.
 * All calls are synchronous and run in the engine's worker. A back-end that dies or hangs is replaced behind
 * the seam; no call throws because of it.
 */
export interface TypeTier extends TypeQuestions {
  /** Which back-end answered last; before the first question, the one that is asked first. */
  readonly backend: TypeBackend;
  /**
   * Texts that differ from the disk (`undefined`: as on disk again) and files that changed on disk.
   * Takes effect before the next question.
   */
  update(changed: ReadonlyMap<string, string | undefined>): void;
  /** Questions about the file are about to come: what they need may be begun meanwhile. */
  expect(path: string): void;
  /** Problems a user should hear of once: a broken tsconfig, a back-end that was given up. */
  problems(): readonly TypeTierProblem[];
  /** Ends child processes. Idempotent. */
  close(): void;
}

export interface TypeTierProblem {
  readonly path: string;
  readonly message: string;
}

/** Opening projects takes seconds, a question milliseconds; their deadlines differ accordingly. */
export type WatchedCall = 'opening' | 'question';

/** Tells the supervising thread what the worker is about to wait for, so that it can kill a hung child. */
export interface Watch {
  /** A child process was started; `undefined`: the last one was ended. */
  started(pid: number | undefined): void;
  /** A call that may hang begins / has ended. Calls do not nest. */
  begin(call: WatchedCall): void;
  end(): void;
}
