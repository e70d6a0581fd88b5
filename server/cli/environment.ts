import type { Streams } from './streams.ts';

/** What the command line runs in. */
export interface Environment {
  readonly cwd: string;
  readonly version: string;
  /** The program of the engine's thread. */
  readonly workerUrl: URL;
  readonly streams: Streams;
  /** Starts the language server, which this driver does not know. */
  readonly serve: () => Promise<void>;
}
