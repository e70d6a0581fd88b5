import ts from 'typescript';
import { cut, member } from './access.ts';
import { chainLinks, visitPromiseChain } from './chains.ts';
import { initialiseInstance } from './classes.ts';
import { raise } from './completions.ts';
import { onlyResolves } from './executors.ts';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import type { Inlining } from './graph.ts';
import { inline } from './inline.ts';
import { combinator, combined, noRejections, type PromiseOutcome } from './promises.ts';
import { type FunctionLiteral, functionLiteral, isAsync, isOptionalChain, stripTransparent } from './syntax.ts';

/** A function literal that runs where it stands, once its call has been made. */
interface Continuation {
  readonly literal: FunctionLiteral;
  readonly inlining: Inlining;
}

/**
 * Builds a call: callee, arguments, the call itself, then the literals among them that the policy wants inlined.
 * The ends of an optional chain that is cut short go to `short`. A `rejecting` call has no edge for throwing.
 */
export function call(flow: Flow, node: ts.CallExpression, short: End[], rejecting: boolean): PromiseOutcome {
  const links = chainLinks(flow.policy, node);
  if (links) return visitPromiseChain(flow, links, short);
  const continuations: Continuation[] = [];
  const rejections: End[] = [];
  callee(flow, node, short, continuations);
  cut(flow, node, short);
  const combines = combinator(node);
  if (combines) rejections.push(...combined(flow, node, combines));
  else args(flow, node, node.arguments, continuations);
  if (!flow.reachable) return { rejections, settled: false };
  invoke(flow, node, rejecting);
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) initialiseInstance(flow);
  if (combines === 'allSettled') return { rejections, settled: true };
  return run(flow, node, continuations, rejections);
}

/** Builds `new`, and the body of a promise's executor. */
export function construct(flow: Flow, node: ts.NewExpression): PromiseOutcome {
  const continuations: Continuation[] = [];
  visit(flow, node.expression);
  if (node.arguments) args(flow, node, node.arguments, continuations);
  if (!flow.reachable) return noRejections;
  const made = flow.add('evaluate', node);
  if (flow.policy.mayThrow(node)) raise(flow, [{ node: made, kind: 'throw' }]);
  return run(flow, node, continuations, []);
}

function callee(flow: Flow, node: ts.CallExpression, short: End[], continuations: Continuation[]): void {
  const literal = calledLiteral(node);
  const inlining = literal && inliningOf(flow, node, literal);
  const target = stripTransparent(node.expression);
  if (literal && inlining) continuations.push({ literal, inlining });
  // In `(a?.b)()` the parentheses end the chain: the call is no part of it.
  else if (isOptionalChain(target) && !isOptionalChain(node)) visit(flow, target);
  else member(flow, target, short);
}

/** `(() => …)()`, `(function () { … }).call(this, …)`. */
function calledLiteral(node: ts.CallExpression): FunctionLiteral | undefined {
  const direct = functionLiteral(node.expression);
  if (direct) return direct;
  const target = stripTransparent(node.expression);
  if (!ts.isPropertyAccessExpression(target)) return undefined;
  return target.name.text === 'call' || target.name.text === 'apply' ? functionLiteral(target.expression) : undefined;
}

function args(
  flow: Flow,
  node: ts.CallExpression | ts.NewExpression,
  list: readonly ts.Expression[],
  continuations: Continuation[],
): void {
  for (const argument of list) {
    const literal = functionLiteral(argument);
    const inlining = literal && inliningOf(flow, node, literal);
    if (literal && inlining) continuations.push({ literal, inlining });
    else visit(flow, argument);
  }
}

function inliningOf(
  flow: Flow,
  node: ts.CallExpression | ts.NewExpression,
  literal: FunctionLiteral,
): Inlining | undefined {
  // The body of a generator does not run when it is called.
  return literal.asteriskToken ? undefined : flow.policy.inlining(node, literal);
}

function invoke(flow: Flow, node: ts.CallExpression, rejecting: boolean): void {
  const made = flow.add('evaluate', node);
  const { policy } = flow;
  if (policy.halts(node)) {
    flow.connect(flow.take(), flow.halted);
  } else if (policy.neverReturns(node)) {
    flow.current = [];
    raise(flow, [{ node: made, kind: 'throw' }]);
  } else if (!rejecting && policy.mayThrow(node)) {
    raise(flow, [{ node: made, kind: 'throw' }]);
  }
}

function run(
  flow: Flow,
  node: ts.CallExpression | ts.NewExpression,
  continuations: readonly Continuation[],
  rejections: End[],
): PromiseOutcome {
  let settled = false;
  for (const { literal, inlining } of continuations) {
    if (!flow.reachable) break;
    switch (inlining) {
      case 'callback': {
        // Nobody above an event-loop callback catches: a throw ends the process, a rejection often does not.
        const end = isAsync(literal) ? flow.thrown : flow.halted;
        inline(flow, literal, inlining, node, (throws) => flow.connect(throws, end));
        break;
      }
      case 'each':
        runEach(flow, node, literal, rejections);
        break;
      case 'executor':
        settled = onlyResolves(literal);
        inline(flow, literal, inlining, node, (throws) => rejections.push(...throws));
        break;
      default:
        if (isAsync(literal)) {
          settled = true;
          inline(flow, literal, inlining, node, (throws) => rejections.push(...throws));
        } else {
          inline(flow, literal, inlining, node, (throws) => raise(flow, throws));
        }
    }
  }
  return { rejections, settled };
}

function runEach(
  flow: Flow,
  node: ts.CallExpression | ts.NewExpression,
  literal: FunctionLiteral,
  rejections: End[],
): void {
  const { node: head, yes, no } = flow.branch(node, 'next');
  flow.current = yes;
  inline(flow, literal, 'each', node, (throws) => {
    if (!isAsync(literal)) raise(flow, throws);
    else if (dropsResults(node)) flow.connect(throws, flow.thrown);
    else rejections.push(...throws);
  });
  flow.connect(flow.take(), head);
  flow.current = no;
}

/** `forEach` gives the promises of an async callback to nobody; one that is waited for is not that of an array. */
function dropsResults(node: ts.CallExpression | ts.NewExpression): boolean {
  const target = stripTransparent(node.expression);
  if (!ts.isPropertyAccessExpression(target) || target.name.text !== 'forEach') return false;
  return !ts.isAwaitExpression(node.parent) && !ts.isReturnStatement(node.parent);
}
