import type { FlowPolicy } from '../controlFlow/graph.ts';
import { TargetResolver } from '../inference/callees.ts';
import { Inference } from '../inference/inference.ts';
import type { ModelIndex } from '../inference/modelIndex.ts';
import type { Program } from '../syntax/program.ts';
import { Endings } from './endings.ts';
import { Failures } from './failures.ts';
import { Graphs } from './graphs.ts';
import { References } from './references.ts';

/** What can be known of a program's code apart from resources: values, callees and paths. Every rule may ask it. */
export class Semantics {
  readonly program: Program;
  readonly models: ModelIndex;
  /** What an expression's value is, as far as reading tells. */
  readonly inference: Inference;
  /** The project's code behind a call. */
  readonly targets: TargetResolver;
  /** How calls of the project's functions end. */
  readonly endings: Endings;
  /** What can fail behind calls and awaited promises. */
  readonly failures: Failures;
  /** The control-flow graph of every function. */
  readonly graphs: Graphs;
  /** Who calls a function, in the whole project. */
  readonly references: References;

  constructor(program: Program, models: ModelIndex, policy: FlowPolicy) {
    this.program = program;
    this.models = models;
    this.inference = new Inference(program, models);
    this.targets = new TargetResolver(this.inference);
    this.endings = new Endings(policy, this.targets);
    this.references = new References(this.inference);
    this.graphs = new Graphs(this.endings.policy, models);
    this.failures = new Failures(program, this.targets, this.graphs);
  }
}
