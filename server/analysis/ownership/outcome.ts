import type ts from 'typescript';
import type { FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import type { Kept } from './keepers.ts';
import type { Origin, Release } from './obligation.ts';
import type { Carry, State } from './state.ts';

/** Which of a function's own parameters is called with the resource, and as which argument. */
export interface CalledBack {
  readonly parameter: number;
  readonly argument: number;
  /** The argument that releases when it is called. */
  readonly releaser: number | undefined;
}

/** Where an obligation went when a path handed it on. */
export interface Handover {
  readonly to: 'caller' | 'callee' | 'storage' | 'closure';
  readonly node: FlowNode;
  /** `caller`: how the returned value carries the resource. */
  readonly carry: Carry | undefined;
  /** The function's own parameter that was called with it, node-style. */
  readonly calledBack: CalledBack | undefined;
  /** In a few words, for coverage: "returned", "kept in `this.client`". */
  readonly how: string;
  /** `storage`: the field, variable or collection that keeps it. */
  readonly kept: Kept | undefined;
  /** Whether the resource was open by then, or is still to be opened by whoever got it. */
  readonly isOpen: boolean;
}

/** Something that goes wrong around a release. */
export interface Misuse {
  /**
   * `unsettled`: a promise that needs the resource is returned, and nobody waits for it before the release · `used`:
   * a call on it after the release · `again`: a second release.
   */
  readonly kind: 'unsettled' | 'used' | 'again';
  /** The call that needs the resource, or releases it again. */
  readonly call: ts.CallExpression;
  /** What gave it back. */
  readonly release: ts.Node;
}

/** What follows a node on one of its edges. */
export type Outcome =
  /** `also`: the path splits. */
  | { readonly kind: 'goes on'; readonly state: State; readonly also?: readonly State[] }
  | { readonly kind: 'discharged' }
  | { readonly kind: 'handed over'; readonly handover: Handover }
  /** The path does to the resource what must not be done; see `Afterlife`. */
  | { readonly kind: 'misused'; readonly misuse: Misuse }
  /** The edge cannot be taken in this state. */
  | { readonly kind: 'infeasible' };

/** What the engine is asked to follow. */
export interface Question {
  readonly graph: FlowGraph;
  readonly origin: Origin;
  readonly release: Release;
  readonly acquirer: ts.Expression | undefined;
  /** The resource comes from an object of the project: whatever closes that object closes what it lent. */
  readonly through: string | undefined;
  /** Methods of the resource by which it becomes open. */
  readonly opens: readonly string[] | undefined;
  /** Members of the resource whose use opens it, whatever comes of it. */
  readonly opensByUse: readonly string[];
}

export const infeasible: Outcome = { kind: 'infeasible' };
export const discharged: Outcome = { kind: 'discharged' };
export const goesOn = (state: State): Outcome => ({ kind: 'goes on', state });

export function handedOver(
  node: FlowNode,
  to: Handover['to'],
  how: string,
  more: Partial<Pick<Handover, 'carry' | 'calledBack' | 'kept'>> = {},
): Outcome {
  return {
    kind: 'handed over',
    handover: { to, node, how, carry: more.carry, calledBack: more.calledBack, kept: more.kept, isOpen: true },
  };
}
