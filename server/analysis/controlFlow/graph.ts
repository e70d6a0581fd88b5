import type ts from 'typescript';

/**
 * A function, accessor, constructor or module whose body is one graph. Static blocks and static initialisers run in the
 * graph that holds the class. A class without a written constructor can be a root too: its graph is that of the
 * implicit constructor, which runs the instance initialisers.
 */
export type GraphRoot =
  | ts.FunctionLikeDeclaration
  | ts.ClassStaticBlockDeclaration
  | ts.ClassLikeDeclaration
  | ts.SourceFile;

/**
 * One atomic step of evaluation. Operands come before the operation that consumes them, in the order in which
 * JavaScript evaluates them; a value is named by its expression node.
 *
 * - `entry`: the start; parameters are bound by the `bind` nodes that follow it.
 * - `evaluate`: a call, `new`, tagged template, `await`, `yield`, `import()`, `delete`, `++` and `--`; a property write (`syntax` is the
 *   assignment's BinaryExpression); the step of a `for await` (`syntax` is the ForOfStatement); the invocation of a promise
 *   handler that is no function literal (`syntax` is the handler expression, `inlining` and `call` are set).
 * - `bind`: names receive a value: variable declaration (also without initializer), parameter, assignment to a name or a
 *   pattern (`syntax` is the BinaryExpression), `for…of` variable (`syntax` is the VariableDeclaration or the target
 *   expression), catch variable, property with an initialiser, class or function declaration.
 *   The defaults of a pattern come before its one `bind`.
 * - `branch`: control splits on `syntax`; see `Test`.
 * - `closure`: a function value that is not inlined comes into being (`syntax` is the function).
 * - `enter` / `leave`: begin and end of a function literal that is inlined as a continuation; see `Inlining`.
 * - `settle`: a promise chain waits for the promise on its left (`syntax` is the `.then/.catch/.finally` call):
 *   the `next` edge is fulfilment, the `throw` edge rejection. One per chain, at its first link: what the links to the
 *   right wait for is the end of a handler. The call that made the promise rejects instead of throwing: it has no `throw` edge.
 * - `return` / `throw` / `break` / `continue`: the statement itself; its operand was evaluated before.
 *   A concise arrow body is a `return` whose syntax is the body expression.
 *   Only this edge of a `throw` is of the kind `throw`; a completion goes on from a `finally` copy by ordinary edges.
 * - `dispose`: implicit disposal of a `using` declaration (`syntax` is the VariableDeclaration) on a way out of its scope.
 * - `join`: no operation; only left where an empty loop spins, or where an approximate graph shares a `finally` block
 *   (then it has several `next` edges).
 * - `exit`: the root ends normally. `thrown`: it ends by an exception or a rejection.
 * - `halted`: the process ends or crashes here (`process.exit`, a throw inside an event-loop callback): nothing can leak any more.
 */
export type FlowNodeKind =
  | 'entry'
  | 'evaluate'
  | 'bind'
  | 'branch'
  | 'closure'
  | 'enter'
  | 'leave'
  | 'settle'
  | 'return'
  | 'throw'
  | 'break'
  | 'continue'
  | 'dispose'
  | 'join'
  | 'exit'
  | 'thrown'
  | 'halted';

/**
 * What a `branch` asks of the value of its `syntax`:
 * `truthy` (if, loops, `?:`, `&&`, `||`) · `nullish` (`??`, `?.`) · `undefined` (default initializers) ·
 * `case` (`syntax` is the CaseClause: the discriminant equals its expression) ·
 * `next` (`for…of`, `for…in`, a callback run per element: there is another element).
 * The edge `true` is taken when the test holds, `false` when it does not.
 */
export type Test = 'truthy' | 'nullish' | 'undefined' | 'case' | 'next';

/**
 * - `next`: normal completion. `true` / `false`: the two ways out of a `branch`.
 * - `throw`: the operation throws or rejects. `return`: a generator's consumer stops at this `yield`.
 */
export type EdgeKind = 'next' | 'true' | 'false' | 'throw' | 'return';

export interface Edge {
  readonly kind: EdgeKind;
  readonly to: FlowNode;
}

/**
 * Why a function literal runs in the place where it is written:
 * `then` / `catch` / `finally` of a promise chain · `callback`: node-style continuation, run once after the call ·
 * `executor` of `new Promise` · `iife` · `each`: run per element by an array method.
 */
export type Inlining = 'then' | 'rejected' | 'catch' | 'finally' | 'callback' | 'executor' | 'iife' | 'each';

export interface FlowNode {
  readonly id: number;
  readonly kind: FlowNodeKind;
  /** The syntax that the node stands for; for `entry`, `exit`, `thrown`, `halted` and `join` the construct they belong to. */
  readonly syntax: ts.Node;
  readonly edges: readonly Edge[];
  /** For `branch`. */
  readonly test?: Test;
  /** For `enter`, `leave` and the invocation of a handler that is no literal. */
  readonly inlining?: Inlining;
  /** For `enter`, `leave` and the invocation of a handler that is no literal: the call whose argument (or callee) the inlined function is. */
  readonly call?: ts.CallExpression | ts.NewExpression;
  /** For `return` inside an inlined function: that function. */
  readonly inlined?: ts.FunctionLikeDeclaration;
  /** The node lies in a copy of a `finally` block or disposal made for this completion. Absent on normal completion. */
  readonly finallyFor?: 'throw' | 'return' | 'break' | 'continue';
}

export interface FlowGraph {
  readonly root: GraphRoot;
  readonly entry: FlowNode;
  readonly exit: FlowNode;
  readonly thrown: FlowNode;
  readonly halted: FlowNode;
  /** All nodes that can be reached from `entry`, in order of creation; `nodes[i].id === i` does not hold after pruning. */
  readonly nodes: readonly FlowNode[];
  /** Functions that were inlined: they have no graph of their own. */
  readonly inlined: ReadonlyMap<ts.FunctionLikeDeclaration, Inlining>;
  /** Copying of `finally` blocks was given up for size: paths may enter by one completion and leave by another. */
  readonly approximate: boolean;
}

/** What the builder cannot know from the syntax of the root alone. */
export interface FlowPolicy {
  /** Whether a call, `new`, tagged template, `import()` or the invocation of a promise handler may throw or reject. */
  mayThrow(node: ts.Node): boolean;
  /** Whether a call never returns because it ends the process. */
  halts(call: ts.CallExpression): boolean;
  /** Whether a call never returns normally but throws (`assertNever`, `fail()`). */
  neverReturns(call: ts.CallExpression): boolean;
  /** How a function literal that is an argument (or callee) of `call` runs; `undefined` when it is a value like any other. */
  inlining(
    call: ts.CallExpression | ts.NewExpression,
    literal: ts.FunctionExpression | ts.ArrowFunction,
  ): Inlining | undefined;
}
