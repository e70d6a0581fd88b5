import type ts from 'typescript';
import type { Contexts } from '../contexts/contexts.ts';
import type { FlowGraph, GraphRoot } from '../controlFlow/graph.ts';
import { CustomLends } from '../customPools/lends.ts';
import { isLentByProject } from '../customPools/lentObligation.ts';
import type { Span } from '../finding.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Acquirers } from './acquirers.ts';
import type { MisusePath } from './explore.ts';
import { type Judgement, judge, judgeDependent, type Place } from './grade.ts';
import { lendersOf } from './lenders.ts';
import type { Obligation } from './obligation.ts';
import { promiseTest } from './promises.ts';
import { confirms, shownObligations } from './shown.ts';
import { pairedObligations } from './shownPairs.ts';
import type { Solution } from './solve.ts';
import { Solver } from './solver.ts';
import { type Forgotten, type Overwritten, Stores } from './stores.ts';
import { Summaries } from './summaries.ts';

/** An acquisition with all that happens to it. */
export interface SolvedObligation extends Judgement {
  readonly obligation: Obligation;
  readonly graph: FlowGraph;
  readonly root: GraphRoot;
  readonly exploration: Solution;
  /** Where it is kept for good although nothing gives it back, in code that runs again and again. */
  readonly forgotten: Forgotten | undefined;
  /** Where it takes the place of an open one; found when asked for. */
  readonly overwritten: () => Overwritten | undefined;
  /** What goes wrong around its releases; found when asked for. */
  readonly misuses: () => readonly MisusePath[];
}

/** The ownership engine over one program. */
export class Ownership {
  readonly #semantics: Semantics;
  readonly #solver: Solver;
  readonly #acquirers: Acquirers;
  readonly #stores: Stores;

  constructor(semantics: Semantics, contexts: Contexts) {
    const { program, inference, targets, graphs, references } = semantics;
    this.#semantics = semantics;
    this.#stores = new Stores(semantics, contexts);
    this.#solver = new Solver(program, new Summaries(semantics));
    this.#acquirers = new Acquirers(
      inference,
      targets,
      graphs,
      this.#solver,
      new CustomLends(references, program.host),
    );
  }

  /** Starts with what another engine has learned: an engine over one edited file must not know less than the first one. */
  know(names: Iterable<string>): void {
    this.#acquirers.know(names);
  }

  /** Names of functions whose callers have to release, of all files learned from so far. */
  get names(): ReadonlySet<string> {
    return this.#acquirers.names;
  }

  /** Names of the file's functions whose callers have to release what they return. */
  acquiringNames(unit: SourceUnit): readonly string[] {
    return this.#acquirers.learn(unit);
  }

  /** Every acquisition of the file, solved; with `spans` only those in functions that contain one of them. */
  solve(place: Place, spans?: readonly Span[]): readonly SolvedObligation[] {
    const { unit } = place;
    if (!spans) this.#acquirers.learn(unit);
    const wanted = ({ site }: Obligation): boolean => !spans || spans.some((span) => this.#isAround(site, span));
    const obligations = this.#acquirers.obligations(unit);
    const solved = obligations.filter(wanted).flatMap((obligation) => this.solveOne(place, obligation) ?? []);
    const known = solved.map((each) => {
      const lender = this.#lenderOf(each, solved);
      return lender ? { ...each, ...judgeDependent(each, each.exploration, lender) } : each;
    });
    const sites = new Set<ts.Node>(obligations.map(({ site }) => site));
    if (place.isTestCode) return known;
    const shown = [
      ...shownObligations(this.#semantics.inference, unit, sites),
      ...pairedObligations(this.#semantics.inference, unit, sites),
    ].filter(wanted);
    return [...known, ...shown.flatMap((obligation) => this.#solveShown(place, obligation) ?? [])];
  }

  /** What only its use shows to be owed counts where that use is sound, but for one way that was forgotten. */
  #solveShown(place: Place, obligation: Obligation): SolvedObligation | undefined {
    const solved = this.solveOne(place, obligation);
    const { graded, exploration } = solved ?? {};
    if (!solved || !graded || !exploration || !confirms(solved)) return undefined;
    if (graded.confidence === 'possible' || graded.grade === 'gap') return undefined;
    return { ...solved, misuses: () => [], overwritten: () => undefined, forgotten: undefined };
  }

  /** What the same code has opened the resource in, and what therefore closes it: the browser of a page. */
  #lenderOf({ obligation, root }: SolvedObligation, others: readonly SolvedObligation[]): SolvedObligation | undefined {
    const { duty, discharges } = obligation.acquisition;
    if (duty !== 'handle' || !discharges.some((d) => d.by === 'acquirerClose')) return undefined;
    const calls = new Set(lendersOf(this.#semantics.program, obligation.acquirer).map(({ made }) => made));
    return others.find((other) => other.root === root && calls.has(other.obligation.site));
  }

  #isAround(site: ts.Node, { start, end }: Span): boolean {
    const root = this.#semantics.graphs.rootOf(site);
    return root.pos <= start && end <= root.end;
  }

  /** One acquisition; `undefined` when it stands in unreachable code. */
  solveOne(place: Place, obligation: Obligation): SolvedObligation | undefined {
    const { origin, site } = obligation;
    const root = this.#semantics.graphs.rootOf(
      origin.via === 'parameters' ? (origin.function.body ?? origin.function) : site,
    );
    const graph = this.#semantics.graphs.of(root);
    const exploration = this.#solver.solve(obligation, graph);
    if (!exploration.acquired && !exploration.gaveUp) return undefined;
    const misuses = (): readonly MisusePath[] =>
      exploration.discharges.size === 0 || isLentByProject(obligation)
        ? []
        : this.#solver.misuses(obligation, graph, promiseTest(this.#semantics, obligation));
    const judgement = judge(place, obligation, root, exploration);
    const forgotten = this.#stores.forgotten(obligation, exploration);
    const verdict = forgotten ? ({ verdict: 'leaking', reason: undefined } as const) : {};
    const overwritten = (): Overwritten | undefined => this.#stores.overwritten(obligation, exploration);
    return { obligation, graph, root, exploration, misuses, forgotten, overwritten, ...judgement, ...verdict };
  }
}
