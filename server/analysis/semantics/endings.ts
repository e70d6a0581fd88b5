import ts from 'typescript';
import { buildFlowGraph } from '../controlFlow/builder.ts';
import type { FlowPolicy } from '../controlFlow/graph.ts';
import type { TargetResolver } from '../inference/callees.ts';
import { calleeName, isAsync } from '../syntax/tree.ts';

/** The ways in which a call of a function can end. */
interface Endings {
  readonly returns: boolean;
  readonly throws: boolean;
}

/** Constructors of libraries only build an object, but these check their arguments. */
const checkingConstructors = new Set(['URL', 'RegExp', 'Function', 'Worker', 'WebSocket']);

/**
 * Refines a policy by looking into the functions that are called: one whose body cannot throw does not, one that
 * never returns (`fail()`, `fatal()`) does not. What those functions call in turn is judged by the plain policy.
 */
export function refinedPolicy(policy: FlowPolicy, targets: TargetResolver): FlowPolicy {
  const known = new WeakMap<ts.Node, Endings>();

  const endingsOf = (node: ts.Node): Endings | undefined => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
    const body = targets.resolve(node)?.function;
    // A call of an async function or generator always returns its promise or iterator.
    if (!body?.body) return undefined;
    if (isAsync(body) || ('asteriskToken' in body && body.asteriskToken)) return { returns: true, throws: false };
    let endings = known.get(body);
    if (!endings) {
      const { nodes, exit, thrown } = buildFlowGraph(body, policy);
      endings = { returns: nodes.includes(exit), throws: nodes.includes(thrown) };
      known.set(body, endings);
    }
    return endings;
  };

  return {
    ...policy,
    mayThrow(node) {
      if (!policy.mayThrow(node)) return false;
      if (ts.isNewExpression(node) && !targets.resolve(node)) {
        return ts.isIdentifier(node.expression) && checkingConstructors.has(node.expression.text);
      }
      return endingsOf(node)?.throws ?? true;
    },
    halts(call) {
      if (policy.halts(call) || provesUnreachable(call, targets)) return true;
      const endings = endingsOf(call);
      return endings !== undefined && !endings.returns && !endings.throws;
    },
    neverReturns(call) {
      if (policy.neverReturns(call)) return true;
      const endings = endingsOf(call);
      return endings !== undefined && !endings.returns && endings.throws;
    },
  };
}

const unreachable = /^(assertNever|assertUnreachable|unreachable|exhaustive\w*|absurd|neverReached)$/;

/** `assertNever(kind)`: the types say that nobody gets there. */
function provesUnreachable(call: ts.CallExpression, targets: TargetResolver): boolean {
  if (unreachable.test(calleeName(call)?.text ?? '')) return true;
  const [parameter] = targets.resolve(call)?.function?.parameters ?? [];
  return parameter?.type?.kind === ts.SyntaxKind.NeverKeyword;
}
