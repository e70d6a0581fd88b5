import type { TokenFact, TokenQuery, TypeBackend } from '../../analysis/facts.ts';

/** What a compiler reads out of a tsconfig: effective options (`extends` resolved) and the files it includes. */
export interface ParsedConfig {
  readonly options: Readonly<Record<string, unknown>>;
  readonly fileNames: readonly string[];
}

/** A program to ask: the tsconfig that the compilers are given, which lies in the overlay. */
export interface ProjectPlan {
  readonly path: string;
  /** Whether 7.0.2 would resolve this project's names differently from the compiler that it was written for. */
  readonly needsTypescript6: boolean;
}

/** Whether a file has another text, or may have appeared or vanished; the latter makes resolved names doubtful. */
export type FileChange = 'text' | 'existence';

/** An error in one file, as the compilers report it. */
export interface FileError {
  readonly code: number;
  readonly message: string;
  /** UTF-16 offset. */
  readonly start: number;
}

/** A compiler behind the type tier. Any call may throw `BackendLost`. */
export interface Backend {
  readonly name: TypeBackend;
  /** Reads a tsconfig; `undefined` when it cannot be read. */
  parseConfig(path: string): ParsedConfig | undefined;
  /** The file, on disk or in the overlay, is no longer what it was. */
  changed(path: string, change: FileChange): void;
  /** Questions about the project are about to come: what they need may be begun. */
  expect(plan: ProjectPlan): void;
  /** Facts, or `undefined` when the file is not part of the project. */
  facts(plan: ProjectPlan, path: string, queries: readonly TokenQuery[]): readonly TokenFact[] | undefined;
  /** Syntactic and semantic errors of one file, or `undefined` when it is not part of the project. */
  errors(plan: ProjectPlan, path: string): readonly FileError[] | undefined;
  /** Ends what the back-end runs. Idempotent, never throws. */
  close(): void;
}

/** The compiler died or was killed; another instance may answer the same question. */
export class BackendLost extends Error {
  override readonly name = 'BackendLost';
}
