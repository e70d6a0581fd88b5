import type ts from 'typescript';
import type { EdgeKind, FlowGraph, FlowNode, FlowNodeKind, FlowPolicy, GraphRoot, Inlining } from './graph.ts';

/** A node under construction. */
export interface Draft extends FlowNode {
  readonly edges: { kind: EdgeKind; to: Draft }[];
}

/** An edge whose target is not known yet. */
export interface End {
  readonly node: Draft;
  readonly kind: EdgeKind;
}

/** Catches `break` and `continue`. */
export interface TargetFrame {
  readonly kind: 'target';
  readonly labels: readonly string[];
  /** A loop takes both jumps without a label, a switch only `break`, a labelled block neither. */
  readonly construct: 'loop' | 'switch' | 'block';
  readonly breaks: End[];
  readonly continues: End[];
}

/** Catches throws for a `catch` clause. */
export interface CatchFrame {
  readonly kind: 'catch';
  readonly throws: End[];
}

/** Holds up every completion that leaves it, because a `finally` block or a disposal has to run first. */
export interface CleanupFrame {
  readonly kind: 'cleanup';
  readonly pending: { readonly completion: Completion; readonly ends: End[] }[];
}

/** The border of a function: `return` ends here, labels of the outside are not visible. */
export interface FunctionFrame {
  readonly kind: 'function';
  /** The inlined literal; `undefined` for the root. */
  readonly literal: ts.FunctionLikeDeclaration | undefined;
  readonly returns: End[];
  readonly throws: End[];
}

export type Frame = TargetFrame | CatchFrame | CleanupFrame | FunctionFrame;

/** An abrupt completion on its way outward. */
export type Completion =
  | { readonly kind: 'throw' }
  | { readonly kind: 'return'; readonly target: FunctionFrame }
  | { readonly kind: 'break' | 'continue'; readonly target: TargetFrame };

type Details = Pick<FlowNode, 'test' | 'inlining' | 'call' | 'inlined'>;

/** Copies of `finally` blocks may add this many nodes before they are shared. */
const copyLimit = 20_000;

/**
 * The state of one construction. Building goes forward: `current` holds the loose ends of everything that leads to the
 * next operation; without loose ends the code is unreachable and nothing is built for it.
 */
export class Flow {
  readonly root: GraphRoot;
  readonly policy: FlowPolicy;
  readonly nodes: Draft[] = [];
  readonly frames: Frame[] = [];
  readonly inlined = new Map<ts.FunctionLikeDeclaration, Inlining>();
  readonly entry: Draft;
  readonly exit: Draft;
  readonly thrown: Draft;
  readonly halted: Draft;
  current: End[] = [];
  finallyFor: FlowNode['finallyFor'];
  /** How many cleanup copies enclose the code that is being built. */
  copyDepth = 0;
  approximate = false;
  private copiedNodes = 0;

  constructor(root: GraphRoot, policy: FlowPolicy) {
    this.root = root;
    this.policy = policy;
    this.entry = this.create('entry', root);
    this.exit = this.create('exit', root);
    this.thrown = this.create('thrown', root);
    this.halted = this.create('halted', root);
    this.current = [{ node: this.entry, kind: 'next' }];
  }

  get reachable(): boolean {
    return this.current.length > 0;
  }

  get copiesExhausted(): boolean {
    return this.copiedNodes > copyLimit;
  }

  /** Appends an operation to what was built before and goes on behind it. Only for reachable code. */
  add(kind: FlowNodeKind, syntax: ts.Node, details?: Details): Draft {
    const node = this.create(kind, syntax, details);
    this.connect(this.take(), node);
    this.current = [{ node, kind: 'next' }];
    return node;
  }

  /** Appends a branch and returns its two ways out; the caller says where they go on. */
  branch(syntax: ts.Node, test: NonNullable<FlowNode['test']>): { readonly node: Draft; yes: End[]; no: End[] } {
    const node = this.add('branch', syntax, { test });
    this.current = [];
    return { node, yes: [{ node, kind: 'true' }], no: [{ node, kind: 'false' }] };
  }

  connect(ends: readonly End[], to: Draft): void {
    for (const end of ends) end.node.edges.push({ kind: end.kind, to });
  }

  /** Hands the loose ends over to the caller; what follows is unreachable until new ends are set. */
  take(): End[] {
    const ends = this.current;
    this.current = [];
    return ends;
  }

  /** Lets other ends flow on to where the current ones go. */
  merge(ends: readonly End[]): void {
    if (ends.length > 0) this.current = this.current.concat(ends);
  }

  graph(nodes: readonly FlowNode[]): FlowGraph {
    const { root, entry, exit, thrown, halted, inlined, approximate } = this;
    return { root, entry, exit, thrown, halted, nodes, inlined, approximate };
  }

  private create(kind: FlowNodeKind, syntax: ts.Node, details?: Details): Draft {
    const node: Draft = {
      id: this.nodes.length,
      kind,
      syntax,
      edges: [],
      ...details,
      ...(this.finallyFor && { finallyFor: this.finallyFor }),
    };
    if (this.copyDepth > 0) this.copiedNodes++;
    this.nodes.push(node);
    return node;
  }
}
