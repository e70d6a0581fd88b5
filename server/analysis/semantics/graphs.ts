import ts from 'typescript';
import { buildFlowGraph } from '../controlFlow/builder.ts';
import type { FlowGraph, FlowPolicy, GraphRoot } from '../controlFlow/graph.ts';
import type { ModelIndex } from '../inference/modelIndex.ts';
import {
  callbackOf,
  calleeName,
  enclosingRoot,
  type FunctionLiteral,
  isFunctionLiteral,
  strip,
  unstrip,
} from '../syntax/tree.ts';

/** The control-flow graphs of a program, built when first asked for. */
export class Graphs {
  readonly #policy: FlowPolicy;
  readonly #models: ModelIndex;
  #built = new WeakMap<GraphRoot, FlowGraph>();

  constructor(policy: FlowPolicy, models: ModelIndex) {
    this.#models = models;
    this.#policy = {
      ...policy,
      // The callback of an acquisition is its continuation, whatever its parameters are called.
      inlining: (call, literal) =>
        this.#isAcquiringCallback(call, literal) ? 'callback' : policy.inlining(call, literal),
    };
  }

  of(root: GraphRoot): FlowGraph {
    let graph = this.#built.get(root);
    if (!graph) {
      graph = buildFlowGraph(root, this.#policy);
      this.#built.set(root, graph);
    }
    return graph;
  }

  /** Whether a literal's body is part of the graph in which its call stands. */
  isInlined(call: ts.CallExpression | ts.NewExpression, literal: FunctionLiteral): boolean {
    return this.#policy.inlining(call, literal) !== undefined;
  }

  /** The function (or module) whose graph a node lies in: the nearest one that is not inlined into another. */
  rootOf(node: ts.Node): GraphRoot {
    let root = enclosingRoot(node);
    while (isFunctionLiteral(root)) {
      const call = unstrip(root).parent;
      if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return root;
      if (!this.isInlined(call, root)) return root;
      root = enclosingRoot(call);
    }
    return root;
  }

  #isAcquiringCallback(call: ts.CallExpression | ts.NewExpression, literal: ts.Expression): boolean {
    const name = calleeName(call)?.text;
    const callback = callbackOf(call);
    if (name === undefined || !callback || strip(callback) !== literal) return false;
    return (this.#models.acquireNames.get(name) ?? []).some(({ acquisition }) =>
      acquisition.yields.some((y) => y.via === 'callback'),
    );
  }
}
