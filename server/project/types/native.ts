import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { API, type Diagnostic, DiagnosticCategory, type Project, type Snapshot } from 'typescript-native/unstable/sync';
import type { TokenFact, TokenQuery } from '../../analysis/facts.ts';
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
  #snapshot: Snapshot | undefined;
  #stale: Snapshot | undefined;
  #answers = new Map<string, Answers>();
  /** Projects that the child would not open. It would refuse every later snapshot because of them. */
  readonly #refused = new Set<string>();

  constructor(options: NativeOptions) {
    this.#options = options;
  }

  parseConfig(path: string): ParsedConfig | undefined {
    return this.#ask('question', (api) => {
      const { options, fileNames } = api.parseConfigFile(path);
      return { options, fileNames };
    });
  }

  changed(path: string, change: FileChange): void {
    this.#changed.set(path, this.#changed.get(path) === 'existence' ? 'existence' : change);
    this.#refused.clear();
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
    const isOpen = this.#open.delete(plan.path);
    this.#open.add(plan.path);
    if (this.#refused.has(plan.path)) {
      return undefined;
    }
    if (!isOpen || this.#changed.size > 0 || !this.#snapshot) {
      const opened = this.#ask('opening', (api) => this.#takeSnapshot(api, plan));
      if (!opened) {
        this.close();
        this.#refused.add(plan.path);
      }
    }
    return this.#snapshot?.getProject(plan.path);
  }

  #takeSnapshot(api: API, plan: ProjectPlan): true {
    const closeProjects = [...this.#open].slice(0, -mostOpenProjects);
    const next = api.updateSnapshot({ openProjects: [plan.path], closeProjects, fileChanges: this.#fileChanges() });
    for (const path of closeProjects) {
      this.#open.delete(path);
    }
    this.#changed.clear();
    this.#answers = new Map();
    const previous = this.#snapshot;
    this.#snapshot = next;
    // Only now: disposing the newest snapshot first would leave the next one with old trees and new types. And after the
    // answer, which need not wait for that; there is at most one that waits to be disposed.
    this.#disposeStale();
    this.#stale = previous;
    setImmediate(() => this.#disposeStale());
    return true;
  }

  #disposeStale(): void {
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

  #fileChanges() {
    if (this.#changed.size > mostChangedFiles) {
      return { invalidateAll: true } as const;
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
      const { child } = internalsOf(this.#api).channel;
      // A failed start is reported late, as an event; the pipe has failed before that.
      child.on('error', () => {});
      watch.started(child.pid);
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
  readonly channel: { readonly child: ChildProcess; close(): void };
}

/** What the library keeps private and supervision needs: the child, and a way to let go of it without asking it first. */
function internalsOf(api: API): Internals {
  return (api as unknown as { client: Internals }).client;
}
