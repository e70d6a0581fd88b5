import { posix } from 'node:path';
import {
  type IntroducedError,
  type TokenFact,
  type TokenQuery,
  type TypeBackend,
  unknownFact,
} from '../../analysis/facts.ts';
import { type Backend, BackendLost, type FileChange, type FileError, type ProjectPlan } from './backend.ts';
import { findNativeExecutable } from './executable.ts';
import { NativeBackend } from './native.ts';
import { noTypeTier } from './none.ts';
import { Overlay } from './overlay.ts';
import { PackageVersions } from './packages.ts';
import { isSourcePath } from './paths.ts';
import { Projects } from './projects.ts';
import { Typescript6Backend } from './typescript6.ts';
import type { TypeTier, TypeTierProblem, Watch } from './typeTier.ts';

/** A child that died twice for the same reason will die again; what killed it long ago was another one. */
const mostRestarts = 2;
const forgottenAfterMs = 600_000;
const firstPauseMs = 100;

export interface TypeTierOptions {
  /** `auto`, the default: the best back-end there is; `off`: none. */
  readonly mode?: 'auto' | 'off';
  /** Told of every call that may hang; without it nothing rescues the thread from a hung child. */
  readonly watch?: Watch;
  /** Whether the tier follows edits, rather than answering for one run. */
  readonly longLived?: boolean;
  /** The native compiler's program; `undefined`: the installed one, `null`: do without. */
  readonly executable?: string | null | undefined;
}

/** Builds the type tier. Starts nothing: the first question does. */
export function createTypeTier(options: TypeTierOptions): TypeTier {
  return options.mode === 'off' ? noTypeTier : new AutomaticTypeTier(options);
}

const unwatched: Watch = { started() {}, begin() {}, end() {} };

class AutomaticTypeTier implements TypeTier {
  readonly #overlay = new Overlay();
  readonly #versions = new PackageVersions();
  readonly #projects: Projects;
  readonly #executable: string | undefined;
  readonly #typescript6: Typescript6Backend;
  readonly #problems: TypeTierProblem[] = [];
  #native: Backend | undefined;
  #restarts = 0;
  #lostAt = 0;
  #last: TypeBackend;
  #closed = false;
  #errorsBefore: { readonly path: string; readonly errors: readonly FileError[] } | undefined;

  constructor(options: TypeTierOptions) {
    const shared = { overlay: this.#overlay, versions: this.#versions, watch: options.watch ?? unwatched };
    const longLived = options.longLived ?? false;
    const executable = options.executable === null ? undefined : (options.executable ?? findNativeExecutable());
    this.#executable = executable;
    this.#native = executable === undefined ? undefined : new NativeBackend({ ...shared, executable, longLived });
    this.#typescript6 = new Typescript6Backend(shared);
    this.#last = this.#native ? 'native' : 'typescript6';
    this.#projects = new Projects(
      this.#overlay,
      (path) => this.#ask(undefined, (backend) => backend.parseConfig(path)),
      (path) => this.#changed(path, 'text'),
    );
  }

  get backend(): TypeBackend {
    return this.#last;
  }

  update(changed: ReadonlyMap<string, string | undefined>): void {
    this.#errorsBefore = undefined;
    const changes = [...changed].map(([path, text]) => {
      this.#overlay.set(path, text);
      const known = this.#projects.isKnown(path) && this.#overlay.read(path) !== undefined;
      return { path, change: known ? ('text' as const) : ('existence' as const) };
    });
    const configured = changes.some(({ path }) => path.endsWith('.json'));
    if (configured) {
      this.#versions.forget();
    }
    if (configured || changes.some(({ change }) => change === 'existence')) {
      this.#projects.forget();
    }
    for (const { path, change } of changes) {
      this.#changed(path, change);
    }
  }

  expect(path: string): void {
    if (!isSourcePath(path) || this.#closed) return;
    const [plan] = this.#projects.plansFor(path);
    if (plan) this.#ask(plan, (backend) => backend.expect(plan));
  }

  facts(path: string, queries: readonly TokenQuery[]): readonly TokenFact[] {
    const facts =
      queries.length > 0 ? this.#firstAnswer(path, (backend, plan) => backend.facts(plan, path, queries)) : undefined;
    return facts ?? queries.map(() => unknownFact);
  }

  newErrors(
    path: string,
    editedText: string,
    others: ReadonlyMap<string, string> = new Map(),
  ): readonly IntroducedError[] | undefined {
    const errorsNow = () => this.#firstAnswer(path, (backend, plan) => backend.errors(plan, path));
    // Several fixes of one file are checked in a row.
    const before = this.#errorsBefore?.path === path ? this.#errorsBefore.errors : errorsNow();
    if (!before) {
      return undefined;
    }
    const texts = new Map([...others, [path, editedText]]);
    const now = new Map([...texts.keys()].map((each) => [each, this.#overlay.get(each)]));
    const created = [...others.keys()].filter((each) => this.#overlay.read(each) === undefined);
    this.update(texts);
    const after = errorsNow()?.filter((error) => !isMissing(created, path, error));
    this.update(now);
    this.#errorsBefore = { path, errors: before };
    return after && introduced(before, after);
  }

  problems(): readonly TypeTierProblem[] {
    return [...this.#projects.problems, ...this.#problems];
  }

  close(): void {
    this.#closed = true;
    this.#native?.close();
    this.#typescript6.close();
  }

  #changed(path: string, change: FileChange): void {
    this.#native?.changed(path, change);
    this.#typescript6.changed(path);
  }

  #firstAnswer<R>(path: string, question: (backend: Backend, plan: ProjectPlan) => R | undefined): R | undefined {
    if (!isSourcePath(path) || this.#closed) {
      return undefined;
    }
    for (const plan of this.#projects.plansFor(path)) {
      const answer = this.#ask(plan, (backend) => question(backend, plan));
      if (answer !== undefined) {
        return answer;
      }
    }
    return undefined;
  }

  /** Asks until a back-end survives the question. */
  #ask<R>(plan: ProjectPlan | undefined, question: (backend: Backend) => R): R | undefined {
    for (;;) {
      const native = plan?.needsTypescript6 ? undefined : this.#native;
      const backend = native ?? this.#typescript6;
      this.#last = backend.name;
      try {
        return question(backend);
      } catch (error) {
        if (!native) {
          this.#report('TypeScript 6', error);
          return undefined;
        }
        this.#recover(error);
      }
    }
  }

  #recover(error: unknown): void {
    const now = performance.now();
    this.#restarts = now - this.#lostAt > forgottenAfterMs ? 1 : this.#restarts + 1;
    this.#lostAt = now;
    if (!(error instanceof BackendLost) || this.#restarts > mostRestarts) {
      this.#native?.close();
      this.#native = undefined;
      this.#report('The native compiler', error);
      return;
    }
    pause(firstPauseMs * 4 ** (this.#restarts - 1));
  }

  #report(who: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${who} was given up: ${reason}`;
    if (!this.#problems.some((problem) => problem.message === message)) {
      this.#problems.push({ path: this.#executable ?? '', message });
    }
  }
}

const moduleNotFound = new Set([2307, 2792]);

/**
 * Whether the error is that one of these files is missing. The native compiler looks for modules on the disk, and takes
 * only their texts from here: asking it to look here, too, would cost a round trip for every place where a module may be.
 */
function isMissing(created: readonly string[], from: string, { code, message }: FileError): boolean {
  const specifier = moduleNotFound.has(code) ? /'(\.[^']*)'/.exec(message)?.[1] : undefined;
  if (specifier === undefined) return false;
  const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, '');
  const wanted = withoutExtension(posix.join(posix.dirname(from), specifier));
  return created.map(withoutExtension).some((path) => path === wanted || path === `${wanted}/index`);
}

/** Errors of the second list that the first does not have; positions do not count, for an edit shifts them. */
function introduced(before: readonly FileError[], after: readonly FileError[]): readonly IntroducedError[] {
  const known = new Map<string, number>();
  for (const error of before) {
    known.set(keyOf(error), (known.get(keyOf(error)) ?? 0) + 1);
  }
  return after.filter((error) => {
    const left = known.get(keyOf(error)) ?? 0;
    known.set(keyOf(error), left - 1);
    return left <= 0;
  });
}

function keyOf(error: FileError): string {
  return `${error.code} ${error.message}`;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
