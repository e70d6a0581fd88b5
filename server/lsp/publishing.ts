import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import type { ConfigProblem } from '../project/editor/protocol.ts';
import type { Checked, Checks } from './checks.ts';
import type { ClientAbilities } from './clientAbilities.ts';
import { configDiagnostic, diagnosticsOf } from './diagnostics.ts';
import { pathOf } from './uris.ts';
import type { Workspace } from './workspace.ts';

/** The pause in typing after which a client that does not ask is told. */
const pushPauseMs = 120;
const refreshPauseMs = 30;

/** Brings results to the client: asks it to ask again, or, where it does not ask, sends them. */
export class Publishing {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #abilities: ClientAbilities;
  readonly #checks: () => Checks;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #aborts = new Map<string, AbortController>();
  /** What is wrong with the configuration of each open document. */
  readonly #configProblems = new Map<string, readonly ConfigProblem[]>();
  readonly #configsShown = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #refresh: NodeJS.Timeout | undefined;
  #revision = 0;

  constructor(connection: Connection, workspace: Workspace, abilities: ClientAbilities, checks: () => Checks) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#abilities = abilities;
    this.#checks = checks;
  }

  /** What is shown of a result. */
  diagnostics({ report, settings, version }: Checked): Diagnostic[] {
    return diagnosticsOf(report, { settings, revision: version, uri: (path) => this.#workspace.uri(path) });
  }

  /** A document was opened or edited. */
  edited(uri: string): void {
    if (!this.#abilities.pull) this.#push(uri, pushPauseMs);
  }

  closed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#aborts.get(uri)?.abort();
    if (!this.#abilities.pull) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.#configProblems.delete(uri);
  }

  /** Everything that was shown may be out of date. */
  outdated(): void {
    this.#revision++;
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => this.#showAgain(), refreshPauseMs);
  }

  /** Something that is waited for may have come about, without anything being out of date. */
  lookAgain(): void {
    for (const done of [...this.#waiting]) done();
  }

  /** Another one whenever what was shown may have become out of date. */
  get revision(): number {
    return this.#revision;
  }

  /** Resolves when the revision is another one, when told to look again, or when the signal says so. */
  changed(since: number, signal: AbortSignal): Promise<void> {
    if (since !== this.#revision) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  /** Shows in configuration files what is wrong with them. */
  async configuration({ uri, report }: Checked): Promise<void> {
    this.#configProblems.set(uri, report.configProblems);
    await this.showConfigurations();
  }

  /** The same for all files: those that govern open documents as the disk has them, open ones as they are. */
  async showConfigurations(): Promise<void> {
    const problems = new Map<string, ConfigProblem[]>();
    for (const problem of [...this.#configProblems.values()].flat()) {
      const known = problems.get(problem.path) ?? [];
      if (!known.some((each) => each.message === problem.message)) known.push(problem);
      problems.set(problem.path, known);
    }
    const broken = new Set(problems.keys());
    for (const document of this.#workspace.documents.all()) {
      const path = pathOf(document.uri);
      if (path === undefined || !path.endsWith('/leakproof.jsonc')) continue;
      // Validation needs a library that nothing else in this thread does.
      const { problemsIn } = await import('../project/editor/configProblems.ts');
      problems.set(path, [...problemsIn(path, document.getText())]);
    }
    for (const path of new Set([...problems.keys(), ...this.#configsShown])) {
      const diagnostics = (problems.get(path) ?? []).map((problem) => configDiagnostic(problem, broken.has(path)));
      if (diagnostics.length === 0) this.#configsShown.delete(path);
      else this.#configsShown.add(path);
      void this.#connection.sendDiagnostics({ uri: this.#workspace.uri(path), diagnostics });
    }
  }

  #showAgain(): void {
    this.lookAgain();
    if (!this.#abilities.pull) {
      for (const { uri } of this.#workspace.documents.all()) this.#push(uri, 0);
      return;
    }
    if (this.#abilities.refresh) void this.#connection.languages.diagnostics.refresh().catch(() => undefined);
  }

  #push(uri: string, pauseMs: number): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => void this.#pushNow(uri), pauseMs),
    );
  }

  async #pushNow(uri: string): Promise<void> {
    this.#timers.delete(uri);
    this.#aborts.get(uri)?.abort();
    const abort = new AbortController();
    this.#aborts.set(uri, abort);
    const document = this.#workspace.documents.get(uri);
    if (document === undefined) return;
    try {
      const checked = await this.#checks().shown(document, abort.signal);
      if (abort.signal.aborted) return;
      void this.#connection.sendDiagnostics({
        uri,
        version: checked.version,
        diagnostics: this.diagnostics(checked),
      });
    } catch {
      // Cancelled, or told by the status; what was shown before stays.
    }
  }
}
