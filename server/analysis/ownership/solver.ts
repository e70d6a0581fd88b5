import type ts from 'typescript';
import type { FlowGraph } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { misusesOf, type PromiseTest } from './afterlife.ts';
import type { Callees } from './effects.ts';
import type { MisusePath } from './explore.ts';
import type { Obligation } from './obligation.ts';
import { type Solution, solve } from './solve.ts';

/** Solves obligations once: whether a function hands one on and whether it leaks is the same question. */
export class Solver {
  readonly #program: Program;
  readonly #callees: Callees;
  readonly #solved = new WeakMap<ts.Node, Map<string, Solution>>();

  constructor(program: Program, callees: Callees) {
    this.#program = program;
    this.#callees = callees;
  }

  /** What goes wrong around the releases of an obligation. */
  misuses(obligation: Obligation, graph: FlowGraph, isPromise: PromiseTest): readonly MisusePath[] {
    return misusesOf(this.#program, { ...obligation, graph }, this.#callees, isPromise);
  }

  solve(obligation: Obligation, graph: FlowGraph): Solution {
    const { site, origin, through, model, opens } = obligation;
    const known = this.#solved.get(site) ?? new Map<string, Solution>();
    this.#solved.set(site, known);
    const carry = origin.via === 'value' ? origin.carry : origin.parameters;
    const key = `${model.library} ${origin.via} ${through} ${opens} ${JSON.stringify(carry)}`;
    let solution = known.get(key);
    if (!solution) {
      solution = solve(this.#program, { ...obligation, graph }, this.#callees);
      known.set(key, solution);
    }
    return solution;
  }
}
