import ts from 'typescript';
import { buildFlowGraph } from '../controlFlow/builder.ts';
import type { FlowPolicy } from '../controlFlow/graph.ts';
import type { TargetResolver } from '../inference/callees.ts';
import { calleeName, isAsync } from '../syntax/tree.ts';

/** The ways in which a call of a function can end. */
export interface Ending {
  readonly returns: boolean;
  readonly throws: boolean;
}

/** Constructors of libraries only build an object, but these check their arguments. */
const checkingConstructors = new Set(['URL', 'RegExp', 'Function', 'Worker', 'WebSocket']);

/**
 * How calls of the project's functions end, told from their bodies: one that cannot throw does not, one that never
 * returns (`fail()`, `fatal()`) does not. What those functions call in turn is judged by the plain policy.
 */
export class Endings {
  readonly #plain: FlowPolicy;
  readonly #targets: TargetResolver;
  readonly #known = new WeakMap<ts.Node, Ending>();

  constructor(plain: FlowPolicy, targets: TargetResolver) {
    this.#plain = plain;
    this.#targets = targets;
  }

  /** What is known with the help of types, which is dear: for calls at which something is at stake. */
  of(call: ts.CallExpression | ts.NewExpression): Ending | undefined {
    return this.#plain.mayThrow(call) ? this.#ending(this.#targets.resolve(call)?.function) : undefined;
  }

  /** The policy for graphs: what reading alone tells. */
  get policy(): FlowPolicy {
    const plain = this.#plain;
    const read = (node: ts.Node): Ending | undefined =>
      ts.isCallExpression(node) || ts.isNewExpression(node)
        ? this.#ending(this.#targets.read(node)?.function)
        : undefined;
    return {
      ...plain,
      mayThrow: (node) => {
        if (!plain.mayThrow(node)) return false;
        if (ts.isNewExpression(node) && !this.#targets.read(node)) {
          return ts.isIdentifier(node.expression) && checkingConstructors.has(node.expression.text);
        }
        return read(node)?.throws ?? true;
      },
      halts: (call) => {
        if (plain.halts(call) || this.#provesUnreachable(call)) return true;
        const ending = read(call);
        return ending !== undefined && !ending.returns && !ending.throws;
      },
      neverReturns: (call) => {
        if (plain.neverReturns(call)) return true;
        const ending = read(call);
        return ending !== undefined && !ending.returns && ending.throws;
      },
    };
  }

  #ending(fn: ts.FunctionLikeDeclaration | undefined): Ending | undefined {
    if (!fn?.body) return undefined;
    // A call of an async function or generator always returns its promise or iterator.
    if (isAsync(fn) || ('asteriskToken' in fn && fn.asteriskToken)) return { returns: true, throws: false };
    let ending = this.#known.get(fn);
    if (!ending) {
      const { nodes, exit, thrown } = buildFlowGraph(fn, this.#plain);
      ending = { returns: nodes.includes(exit), throws: nodes.includes(thrown) };
      this.#known.set(fn, ending);
    }
    return ending;
  }

  /** `assertNever(kind)`: the types say that nobody gets there. */
  #provesUnreachable(call: ts.CallExpression): boolean {
    if (unreachable.test(calleeName(call)?.text ?? '')) return true;
    const [parameter] = this.#targets.read(call)?.function?.parameters ?? [];
    return parameter?.type?.kind === ts.SyntaxKind.NeverKeyword;
  }
}

const unreachable = /^(assertNever|assertUnreachable|unreachable|exhaustive\w*|absurd|neverReached)$/;
