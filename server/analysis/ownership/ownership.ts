import type ts from 'typescript';
import type { FlowGraph, FlowPolicy, GraphRoot } from '../controlFlow/graph.ts';
import type { Span } from '../finding.ts';
import { TargetResolver } from '../inference/callees.ts';
import { Inference } from '../inference/inference.ts';
import type { ModelIndex } from '../inference/modelIndex.ts';
import type { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Acquirers } from './acquirers.ts';
import { refinedPolicy } from './endings.ts';
import { type Judgement, judge, type Place } from './grade.ts';
import { Graphs } from './graphs.ts';
import type { Obligation } from './obligation.ts';
import type { Solution } from './solve.ts';
import { Solver } from './solver.ts';
import { Summaries } from './summaries.ts';

/** An acquisition with all that happens to it. */
export interface SolvedObligation extends Judgement {
  readonly obligation: Obligation;
  readonly graph: FlowGraph;
  readonly root: GraphRoot;
  readonly exploration: Solution;
}

/** The ownership engine over one program. */
export class Ownership {
  readonly inference: Inference;
  readonly #graphs: Graphs;
  readonly #solver: Solver;
  readonly #acquirers: Acquirers;

  constructor(program: Program, models: ModelIndex, policy: FlowPolicy) {
    this.inference = new Inference(program, models);
    const targets = new TargetResolver(this.inference);
    this.#graphs = new Graphs(refinedPolicy(policy, targets), models);
    this.#solver = new Solver(program, new Summaries(this.inference, targets, this.#graphs));
    this.#acquirers = new Acquirers(this.inference, targets, this.#graphs, this.#solver);
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
    return this.#acquirers
      .obligations(unit)
      .filter(({ site }) => !spans || spans.some((span) => this.#isAround(site, span)))
      .flatMap((obligation) => this.#solveOne(place, obligation) ?? []);
  }

  #isAround(site: ts.Node, { start, end }: Span): boolean {
    const root = this.#graphs.rootOf(site);
    return root.pos <= start && end <= root.end;
  }

  #solveOne(place: Place, obligation: Obligation): SolvedObligation | undefined {
    const { origin, site } = obligation;
    const root = this.#graphs.rootOf(origin.via === 'parameters' ? (origin.function.body ?? origin.function) : site);
    const graph = this.#graphs.of(root);
    const exploration = this.#solver.solve(obligation, graph);
    // The acquisition stands in unreachable code.
    if (!exploration.acquired && !exploration.gaveUp) return undefined;
    return { obligation, graph, root, exploration, ...judge(place, obligation, root, exploration) };
  }
}
