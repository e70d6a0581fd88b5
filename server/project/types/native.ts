import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { API, type Diagnostic, DiagnosticCategory, type Project, type Snapshot } from 'typescript-native/unstable/sync';
import type { TokenFact, TokenQuery } from '../../analysis/facts.ts';
import { AheadRequest, type Channel } from './ahead.ts';
import {
  type Backend,
  BackendLost,
  type FileChange,
  type FileError,
  type ParsedConfig,
  type ProjectPlan,
} from './backend.ts';
import { NativeChecker } from './nativeChecker.ts';
import type { Overlay } from './overlay.ts';
import type { PackageVersions } from './packages.ts';
import { TokenAnswers } from './tokenAnswers.ts';
import type { Watch, WatchedCall } from './typeTier.ts';

/** In a monorepo of 131 projects, four open ones need half the processor time of eight within the same memory. */
const mostOpenProjects = 4;

/**
 * Collect rarely while the heap is small, which saves a fifth of the time, and as needed from here on. The limit is
 * soft: a larger program still works. A user's own settings come first.
 */
const memoryLimits: Readonly<Record<string, string>> = { GOGC: '400', GOMEMLIMIT: '1536MiB' };
/** A compiler that follows edits for hours must not grow with each of them to several times what it needs. */
const frugalMemoryLimits: Readonly<Record<string, string>> = { ...memoryLimits, GOGC: '60' };

/** From here on telling the child to look at everything anew is cheaper than a list. */
const mostChangedFiles = 2000;

interface SnapshotParams {
  readonly openProjects: string[];
  readonly closeProjects: string[];
  readonly fileChanges: { changed: string[]; created: string[]; deleted: string[] } | { invalidateAll: true };
}

type Answers = Pick<TokenAnswers<never, never, never>, 'facts'>;

export interface NativeOptions {
  readonly executable: string;
  readonly overlay: Overlay;
  readonly versions: PackageVersions;
  readonly watch: Watch;
  /** Whether the compiler follows edits, rather than answering for one run. */
  readonly longLived: boolean;
}

/** The native compiler in a child process, asked over pipes. */
export class NativeBackend implements Backend {
  readonly name = 'native';
  readonly #options: NativeOptions;
  readonly #changed = new Map<string, FileChange>();
  /** Open projects by path of their tsconfig, the one used longest ago first. */
  readonly #open = new Set<string>();
  #api: API | undefined;
  #ahead: AheadRequest | undefined;
  #begun: SnapshotParams | undefined;
  #snapshot: Snapshot | undefined;
  #stale: Snapshot | undefined;
  #answers = new Map<string, Answers>();
  /** Projects that the child would not open. It would refuse every later snapshot because of them. */
  readonly #refused = new Set<string>();

  constructor(options: NativeOptions) {
    this.#options = options;
  }

  parseConfig(path: string): ParsedConfig | undefined {
    this.#finish();
    return this.#ask('question', (api) => {
      const { options, fileNames } = api.parseConfigFile(path);
      return { options, fileNames };
    });
  }

  changed(path: string, change: FileChange): void {
    this.#changed.set(path, this.#changed.get(path) === 'existence' ? 'existence' : change);
    this.#refused.clear();
  }

  expect(plan: ProjectPlan): void {
    const follows = this.#snapshot !== undefined && this.#open.has(plan.path) && !this.#refused.has(plan.path);
    if (!follows || this.#begun !== undefined || this.#changed.size === 0) return;
    const params = this.#snapshotParams(plan);
    this.#ask('opening', () => this.#ahead?.send(params));
    this.#begun = params;
  }

  facts(plan: ProjectPlan, path: string, queries: readonly TokenQuery[]): readonly TokenFact[] | undefined {
    const project = this.#project(plan);
    return project && this.#ask('question', () => this.#answersOf(plan, project).facts(path, queries));
  }

  errors(plan: ProjectPlan, path: string): readonly FileError[] | undefined {
    const project = this.#project(plan);
    return (
      project &&
      this.#ask('question', () =>
        [...project.program.getSyntacticDiagnostics(path), ...project.program.getSemanticDiagnostics(path)]
          .filter((diagnostic) => diagnostic.category === DiagnosticCategory.Error)
          .map((diagnostic) => ({
            code: diagnostic.code,
            message: messageOf(diagnostic),
            start: diagnostic.pos,
          })),
      )
    );
  }

  close(): void {
    const api = this.#api;
    this.#api = undefined;
    this.#ahead = undefined;
    this.#begun = undefined;
    this.#snapshot = undefined;
    this.#stale = undefined;
    this.#answers.clear();
    this.#open.clear();
    if (api) {
      const { channel } = internalsOf(api);
      // The library sends SIGTERM, which a stopped child does not get to see.
      channel.child.kill('SIGKILL');
      channel.close();
      this.#options.watch.started(undefined);
    }
  }

  #answersOf(plan: ProjectPlan, project: Project): Answers {
    const known = this.#answers.get(plan.path);
    if (known) {
      return known;
    }
    const answers = new TokenAnswers(new NativeChecker(project), this.#options.versions);
    this.#answers.set(plan.path, answers);
    return answers;
  }

  #project(plan: ProjectPlan): Project | undefined {
    this.#finish();
    const isOpen = this.#open.delete(plan.path);
    this.#open.add(plan.path);
    if (this.#refused.has(plan.path)) {
      return undefined;
    }
    if (!isOpen || this.#changed.size > 0 || !this.#snapshot) {
      this.#takeSnapshot(this.#snapshotParams(plan));
    }
    return this.#snapshot?.getProject(plan.path);
  }

  /** What is to be asked for; from here on the changes count as told. */
  #snapshotParams(plan: ProjectPlan): SnapshotParams {
    const closeProjects = [...this.#open].slice(0, -mostOpenProjects);
    const params = { openProjects: [plan.path], closeProjects, fileChanges: this.#fileChanges() };
    this.#changed.clear();
    return params;
  }

  /** Takes the snapshot that was asked for ahead. Nothing else may be asked before. */
  #finish(): void {
    if (this.#begun) this.#takeSnapshot(this.#begun);
  }

  #takeSnapshot(params: SnapshotParams): void {
    this.#begun = undefined;
    const next = this.#ask('opening', (api) => api.updateSnapshot(params));
    if (!next) {
      this.close();
      for (const path of params.openProjects) this.#refused.add(path);
      return;
    }
    for (const path of params.closeProjects) {
      this.#open.delete(path);
    }
    this.#answers = new Map();
    const previous = this.#snapshot;
    this.#snapshot = next;
    // Only now: disposing the newest snapshot first would leave the next one with old trees and new types. And after the
    // answer, which need not wait for that; there is at most one that waits to be disposed.
    this.#disposeStale();
    this.#stale = previous;
    setImmediate(() => this.#disposeStale());
  }

  #disposeStale(): void {
    // The next snapshot that is taken comes back here.
    if (this.#begun) return;
    const stale = this.#stale;
    this.#stale = undefined;
    if (!stale) return;
    try {
      this.#ask('question', () => stale.dispose());
    } catch (error) {
      // The next question starts another child.
      if (!(error instanceof BackendLost)) throw error;
    }
  }

  #fileChanges(): SnapshotParams['fileChanges'] {
    if (this.#changed.size > mostChangedFiles) {
      return { invalidateAll: true };
    }
    const changed: string[] = [];
    const created: string[] = [];
    const deleted: string[] = [];
    for (const [path, change] of this.#changed) {
      if (this.#options.overlay.read(path) === undefined) {
        deleted.push(path);
        continue;
      }
      changed.push(path);
      if (change === 'existence') {
        // Makes failed look-ups be tried again, which for a mere edit would triple its cost.
        created.push(path);
      }
    }
    return { changed, created, deleted };
  }

  /**
   * Runs a question under the deadline of its kind. A question that the child refuses is `undefined`;
   * a child that did not answer is lost.
   */
  #ask<R>(call: WatchedCall, question: (api: API) => R): R | undefined {
    this.#options.watch.begin(call);
    try {
      return question(this.#connection());
    } catch (error) {
      if (isRefusal(error)) {
        return undefined;
      }
      this.close();
      throw new BackendLost(error instanceof Error ? error.message : String(error), { cause: error });
    } finally {
      this.#options.watch.end();
    }
  }

  #connection(): API {
    if (!this.#api) {
      const { executable, overlay, watch, longLived } = this.#options;
      accessSync(executable, constants.X_OK);
      this.#api = withMemoryLimits(
        longLived ? frugalMemoryLimits : memoryLimits,
        () =>
          new API({
            tsserverPath: executable,
            // Only this callback: each further one costs a round trip per look-up of a module, and none is needed.
            fs: { readFile: (path) => overlay.get(path) },
          }),
      );
      const { channel } = internalsOf(this.#api);
      this.#ahead = new AheadRequest(channel);
      // A failed start is reported late, as an event; the pipe has failed before that.
      channel.child.on('error', () => {});
      watch.started(channel.child.pid);
    }
    return this.#api;
  }
}

/** The child inherits the environment of the moment it starts in; the library has no option for another one. */
function withMemoryLimits<R>(limits: Readonly<Record<string, string>>, start: () => R): R {
  const added = Object.keys(limits).filter((name) => process.env[name] === undefined);
  for (const name of added) {
    process.env[name] = limits[name];
  }
  try {
    return start();
  } finally {
    for (const name of added) {
      delete process.env[name];
    }
  }
}

/** Answers of the child that say no; everything else is a failure of the pipe or the protocol. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('api: ');
}

function messageOf(diagnostic: Diagnostic): string {
  return [diagnostic.text, ...(diagnostic.messageChain ?? []).map(messageOf)].join('\n');
}

interface Internals {
  readonly channel: Channel & { readonly child: ChildProcess; close(): void };
}

/** What the library keeps private and supervision needs: the child, and a way to let go of it without asking it first. */
function internalsOf(api: API): Internals {
  return (api as unknown as { client: Internals }).client;
}
