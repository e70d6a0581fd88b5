import type { FileEdit } from '../../analysis/edit.ts';
import type { FileOptions } from '../../analysis/options.ts';
import type { FileResult } from '../../analysis/result.ts';
import { lookUp } from '../engine/lookUp.ts';
import type { CheckRequest, FileChange, FixSummary, Position } from '../engine/protocol.ts';
import type { RunLog } from '../engine/runLog.ts';
import type { Session } from '../engine/session.ts';
import { comparePaths } from '../files/paths.ts';
import { edited } from './edits.ts';
import { type AcceptedFix, type Refusal, type Selection, selectFixes } from './select.ts';
import { commit, type PlannedFile } from './transaction.ts';

/** Fixes may uncover each other; what has not settled by then never will. */
const mostPasses = 10;

export interface FixRun {
  readonly request: NonNullable<CheckRequest['fix']>;
  readonly session: Session;
  readonly log: RunLog;
  /** The files of the run with their options; created ones are added. */
  readonly files: Map<string, FileOptions>;
  readonly results: ReadonlyMap<string, FileResult>;
  readonly check: (files: ReadonlyMap<string, FileOptions>) => Promise<ReadonlyMap<string, FileResult>>;
  readonly locate: (path: string, offset: number) => Position;
}

export interface FixOutcome {
  readonly summary: FixSummary;
  readonly results: ReadonlyMap<string, FileResult>;
}

/** Applies fixes in passes until nothing changes any more, and answers what is left. */
export async function applyFixes(run: FixRun): Promise<FixOutcome> {
  const fixer = new Fixer(run);
  return await fixer.run();
}

class Fixer {
  readonly #run: FixRun;
  readonly #blocked = new Set<string>();
  /** Texts before the first change; `undefined`: created. */
  readonly #originals = new Map<string, string | undefined>();
  #results: Map<string, FileResult>;
  #applied = 0;

  constructor(run: FixRun) {
    this.#run = run;
    this.#results = new Map(run.results);
  }

  async run(): Promise<FixOutcome> {
    let selection = await this.#select();
    for (let pass = 1; pass <= mostPasses && selection.accepted.length > 0; pass++) {
      this.#run.session.control.progress({ phase: 'Fixing, pass', done: pass, total: mostPasses });
      const changed = await this.#apply(selection.accepted);
      await this.#recheck(changed);
      selection = await this.#select();
    }
    // A fix in one file may have changed what holds in any other.
    if (this.#originals.size > 0) this.#results = new Map(await this.#run.check(this.#run.files));
    return { summary: this.#summary(selection), results: this.#results };
  }

  async #select(): Promise<Selection> {
    const { session, request, files, log } = this.#run;
    if (this.#results.size === 0) return { accepted: [], refused: [] };
    const analysis = await session.analysis();
    return selectFixes(this.#results.values(), {
      analysis,
      store: session.store,
      mode: request.mode,
      options: (path) => lookUp(files, path),
      blocked: (path) => this.#blocked.has(path),
      cancelled: session.control.cancelled,
      crashed: (path, error) => log.crash(path, error, false),
    });
  }

  async #apply(accepted: readonly AcceptedFix[]): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    for (const group of together(accepted)) {
      const plan = this.#plan(group);
      if (plan.length > 0 && (await this.#commit(plan, group))) {
        this.#applied += group.length;
        for (const { path } of plan) changed.add(path);
      }
    }
    return changed;
  }

  #plan(group: readonly AcceptedFix[]): PlannedFile[] {
    const { store } = this.#run.session;
    const edits = new Map<string, FileEdit[]>();
    for (const { edit } of group) {
      for (const file of edit.files) edits.set(file.path, [...(edits.get(file.path) ?? []), file]);
    }
    return [...edits].map(([path, files]) => {
      const before = files.some(({ create }) => create) ? undefined : store.text(path);
      return { path, before, after: edited(before ?? '', { edits: files.flatMap((file) => file.edits) }) };
    });
  }

  async #commit(plan: readonly PlannedFile[], group: readonly AcceptedFix[]): Promise<boolean> {
    const { session, request, log, files } = this.#run;
    const marks = new Map(plan.map(({ path }) => [path, session.store.byteOrderMark(path)]));
    const failure = request.dryRun ? undefined : commit(plan);
    if (failure !== undefined) {
      log.error(failure.path, failure.message, false);
      for (const { path } of group) this.#blocked.add(path);
      return false;
    }
    for (const { path, before } of plan) {
      if (!this.#originals.has(path)) {
        this.#originals.set(path, before === undefined ? undefined : `${marks.get(path)}${before}`);
      }
      const [first] = group;
      if (before === undefined && first !== undefined) files.set(path, lookUp(files, first.path));
    }
    if (request.dryRun) {
      await session.overlay(new Map(plan.map(({ path, after }) => [path, `${marks.get(path)}${after}`])));
    } else {
      await session.reread(plan.map(({ path }) => path));
    }
    return true;
  }

  /** Checks again what changed and what still had findings: their fixes were built for the texts before. */
  async #recheck(changed: ReadonlySet<string>): Promise<void> {
    const stale = new Map<string, FileOptions>();
    for (const [path, options] of this.#run.files) {
      if (changed.has(path) || (this.#results.get(path)?.findings.length ?? 0) > 0) stale.set(path, options);
    }
    for (const path of stale.keys()) this.#results.delete(path);
    for (const [path, result] of await this.#run.check(stale)) this.#results.set(path, result);
  }

  #summary({ accepted, refused }: Selection): FixSummary {
    return {
      applied: this.#applied,
      changed: [...this.#originals.keys()].sort(comparePaths),
      refused: refused.map((refusal) => this.#located(refusal)),
      exhausted: accepted.length > 0,
      changes: this.#run.request.dryRun ? this.#changes() : [],
    };
  }

  #located({ path, finding, title, reason }: Refusal): FixSummary['refused'][number] {
    return { path, start: this.#run.locate(path, finding.span.start), rule: finding.rule, title, reason };
  }

  #changes(): FileChange[] {
    const { store } = this.#run.session;
    return [...this.#originals]
      .map(([path, before]) => ({ path, before, after: store.byteOrderMark(path) + (store.text(path) ?? '') }))
      .sort((a, b) => comparePaths(a.path, b.path));
  }
}

/** Fixes that share a file must be written together or not at all. */
function together(accepted: readonly AcceptedFix[]): readonly (readonly AcceptedFix[])[] {
  let groups: { fixes: AcceptedFix[]; paths: Set<string> }[] = [];
  for (const fix of accepted) {
    const paths = new Set(fix.edit.files.map(({ path }) => path));
    const linked = groups.filter((group) => [...group.paths].some((path) => paths.has(path)));
    const merged = {
      fixes: [...linked.flatMap((group) => group.fixes), fix],
      paths: new Set([...linked.flatMap((group) => [...group.paths]), ...paths]),
    };
    groups = [...groups.filter((group) => !linked.includes(group)), merged];
  }
  return groups.map((group) => group.fixes);
}
