import type { TypeBackend } from '../../analysis/facts.ts';
import type { FixSafety, Severity } from '../../analysis/finding.ts';
import type { Verdict } from '../../analysis/result.ts';
import type { LocatedFinding, Position } from '../engine/protocol.ts';

/** Where a file belongs and what the editor's settings say about it. */
export interface Scope {
  /** The workspace folder, or the file's directory where there is none. */
  readonly root: string;
  /** Replaces the search for configuration. */
  readonly config: string | undefined;
  /** Severities by rule, under those of the configuration file. */
  readonly severity: Readonly<Record<string, Severity | 'off'>>;
  /** Globs relative to the root. */
  readonly exclude: readonly string[];
}

/** What happened since the last task. Paths are absolute. */
export interface Changes {
  /** Texts of open documents; `undefined`: closed. */
  readonly texts: readonly (readonly [path: string, text: string | undefined])[];
  /** Files that came into being, changed or vanished on disk. */
  readonly disk: readonly string[];
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface SuppressionNote extends Range {
  readonly message: string;
}

/** An acquisition and what became of it. */
export interface AcquisitionNote extends Range {
  readonly acquire: string;
  /** In the words of the library's model, e.g. "pooled client"; `undefined` where several libraries share the name. */
  readonly kind: string | undefined;
  readonly verdict: Verdict;
  readonly reason: string | undefined;
}

export interface ConfigProblem {
  readonly path: string;
  readonly position: Position;
  readonly message: string;
}

/** What a check of one file came to. */
export interface FileReport {
  readonly path: string;
  /** Why nothing can be shown; `null` when the file was analysed. */
  readonly reason: string | null;
  /** Whether that reason is something to be repaired. */
  readonly broken: boolean;
  readonly findings: readonly LocatedFinding[];
  readonly suppressionNotes: readonly SuppressionNote[];
  readonly acquisitions: readonly AcquisitionNote[];
  /** The nearest configuration file that governs it. */
  readonly configPath: string | null;
  /** What is wrong with that file, when it is broken. */
  readonly configProblems: readonly ConfigProblem[];
  /** `pending`: types were left out, because their compiler is not warm. */
  readonly backend: TypeBackend | 'pending';
  /** Things a user should hear of that are no findings: a broken tsconfig, a compiler that was given up. */
  readonly remarks: readonly string[];
  readonly durationMs: number;
}

export interface ListedFix {
  readonly title: string;
  readonly safety: FixSafety;
}

/** Replaces a range of a text. */
export interface LocatedEdit extends Range {
  readonly text: string;
}

export interface LocatedFileEdit {
  readonly path: string;
  readonly create: boolean;
  readonly edits: readonly LocatedEdit[];
}

export type EditAnswer = { readonly files: readonly LocatedFileEdit[] } | { readonly refused: string };

/** Where the comment that ignores a finding goes. `$REASON` in the text stands for the reason. */
export type SuppressionAnswer = { readonly edit: LocatedEdit } | { readonly refused: string };

export interface FileTask {
  readonly path: string;
  readonly scope: Scope;
}

/** What can be asked of the engine by an editor: what goes in and what comes out. */
export interface EditorTasks {
  /** `types`: whether to wait for a compiler that is not warm. */
  check: { in: FileTask & { readonly types: 'wait' | 'ifWarm' }; out: FileReport };
  /** The fixes of some findings, each built and checked without types. */
  fixes: {
    in: FileTask & { readonly fingerprints: readonly string[] };
    out: Readonly<Record<string, readonly ListedFix[]>>;
  };
  /** The edits of one fix, after the full gate. */
  resolve: { in: FileTask & { readonly fingerprint: string; readonly title: string }; out: EditAnswer };
  /** All safe fixes of the file, as many passes as it takes. */
  fixAll: { in: FileTask; out: EditAnswer };
  suppression: {
    in: FileTask & { readonly fingerprint: string; readonly location: 'line' | 'file' };
    out: SuppressionAnswer;
  };
  /** Goes on looking through a folder for functions that acquire for their callers, for so many milliseconds. */
  index: { in: { readonly scope: Scope; readonly budgetMs: number }; out: { done: boolean; names: number } };
  /** The files of a folder that may hold findings. `afresh`: with what no watcher has told of yet. */
  candidates: {
    in: { readonly scope: Scope; readonly afresh: boolean };
    out: { files: readonly string[]; seen: number; problems: readonly ConfigProblem[] };
  };
}

export type TaskKind = keyof EditorTasks;

/** What the main thread sends; `changes` take effect before the task. */
export interface EditorRequest<K extends TaskKind = TaskKind> {
  readonly kind: 'editor';
  readonly id: number;
  readonly task: K;
  readonly input: EditorTasks[K]['in'];
  readonly changes: Changes;
}
