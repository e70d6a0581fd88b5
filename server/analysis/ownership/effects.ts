import type ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Ending } from '../semantics/endings.ts';
import type { Failure } from '../semantics/failures.ts';
import type { Release } from './obligation.ts';
import type { Carry } from './state.ts';

/**
 * What a callee does with an argument that carries a resource: gives it back, keeps it, hands it back to the caller
 * in its result, only uses it, or nobody knows.
 */
export type Effect =
  | { readonly kind: 'releases' }
  /** `releasers`: the methods of the object that keeps it by which it is given back. */
  | { readonly kind: 'stores'; readonly releasers?: readonly string[] }
  | { readonly kind: 'returns'; readonly carry: Carry }
  | { readonly kind: 'borrows' }
  /** An object was built around it: whoever has the object has the resource. */
  | { readonly kind: 'wraps' }
  | { readonly kind: 'unknown' };

/** Answers what calls do with what they are given; implemented over summaries. */
export interface Callees {
  /** The effect of the call on its argument number `index`, which carries the resource as `carry` says. */
  effect(call: ts.CallExpression | ts.NewExpression, index: number, carry: Carry, release: Release): Effect;
  /** The effect of passing a value to `handler` as its first argument, as `promise.then(handler)` does. */
  handlerEffect(handler: ts.Expression, release: Release): Effect;
  /** How a call ends, where the project's code behind it is known. */
  endingOf(call: ts.CallExpression | ts.NewExpression): Ending | undefined;
  /** What can fail where a node throws. */
  failureAt(node: FlowNode): Failure;
  /** Whether every way through the project's code behind a call makes an object and returns it. */
  makesObject(call: ts.CallExpression): boolean;
  /** Whether the project's code behind a call is known. */
  isKnown(call: ts.CallExpression | ts.NewExpression): boolean;
  /** Whether the callee is the exported `name` of a library's module. */
  isExport(callee: ts.Expression, module: string, name: string): boolean;
}
