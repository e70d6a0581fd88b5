import type ts from 'typescript';

/**
 * How a value carries the tracked resource. `path` leads from the value to it: empty when the value is the resource
 * itself, `['client']` for `{ client }`, `['*']` for an object that keeps it somewhere unknown.
 */
export interface Carry {
  readonly path: readonly string[];
  /** The value is a promise of it. */
  readonly promised: boolean;
  /**
   * `releaser`: calling the value releases the resource. `result`: what a callee made of it that nobody knows; it may
   * be the resource in disguise, or anything else.
   */
  readonly role: 'resource' | 'releaser' | 'result';
  /** Properties of the value that release the resource when called: `['done']` for `{ client, done: () => client.release() }`. */
  readonly releasers?: readonly string[];
}

export const itself: Carry = { path: [], promised: false, role: 'resource' };
export const itsPromise: Carry = { path: [], promised: true, role: 'resource' };
export const itsReleaser: Carry = { path: [], promised: false, role: 'releaser' };
export const somewhereInside: Carry = { path: ['*'], promised: false, role: 'resource' };
export const perhapsInside: Carry = { path: ['*'], promised: false, role: 'result' };
export const perhapsPromised: Carry = { path: ['*'], promised: true, role: 'result' };

export const isResource = (carry: Carry | undefined): boolean =>
  carry !== undefined && carry.role === 'resource' && !carry.promised && carry.path.length === 0;

/**
 * `before`: not acquired on this path · `dormant`: there, and not opened yet · `pending`: the acquiring promise is not
 * settled · `held`: the obligation lives · `released`: given back, and still followed to see whether it is left alone.
 */
export type Phase = 'before' | 'dormant' | 'pending' | 'held' | 'released';

/** What one path knows. Immutable; equal states have equal keys. */
export interface State {
  readonly phase: Phase;
  /** Place (`#12`, `#12.client`, `this.client`) → how it carries the resource. */
  readonly places: ReadonlyMap<string, Carry>;
  /** Expressions of the statement being evaluated whose value carries the resource. */
  readonly temps: ReadonlyMap<ts.Node, Carry>;
  /** Conditions whose outcome this path has fixed, by normalised text. */
  readonly facts: ReadonlyMap<string, boolean>;
  /** Whether an operation threw since the acquisition: `gap` when all of them lie between it and the protecting `try`. */
  readonly threw: 'no' | 'gap' | 'yes';
  /** How the value that the path returns carries the resource, once a `return` was passed. */
  readonly returned: Carry | undefined;
  /** Whether a method was called by which the resource becomes open. */
  readonly isOpened: boolean;
  /** What gave the resource back, where the path goes on after that. */
  readonly released: ts.Node | undefined;
  /** The call whose promise the path returns without waiting for it, though it needs the resource. */
  readonly unsettled: ts.CallExpression | undefined;
  /** A call on this path that looked like the release and is none. */
  readonly mistaken: ts.CallExpression | undefined;
}

export const emptyState: State = {
  phase: 'before',
  places: new Map(),
  temps: new Map(),
  facts: new Map(),
  threw: 'no',
  returned: undefined,
  isOpened: false,
  released: undefined,
  unsettled: undefined,
  mistaken: undefined,
};

const carryKey = ({ path, promised, role, releasers }: Carry): string =>
  [path.join('.'), promised ? '?' : '', role, releasers ?? ''].join(' ');

/** Whether leaving now would leave something behind. */
export const isLive = ({ phase }: State): boolean => phase === 'pending' || phase === 'held';

/** What of a state says where the resource is. */
export function holdingsKey({ phase, places, temps }: State): string {
  const placed = [...places].map(([place, carry]) => `${place}=${carryKey(carry)}`).sort();
  const held = [...temps].map(([node, carry]) => `${node.pos}-${node.end}=${carryKey(carry)}`).sort();
  return [phase, placed, held].join('|');
}

export function stateKey(state: State): string {
  const facts = [...state.facts].map(([key, value]) => `${key}:${value}`).sort();
  const returned = state.returned ? carryKey(state.returned) : '';
  const after = `${state.released?.pos ?? ''},${state.unsettled?.pos ?? ''}`;
  return [holdingsKey(state), state.isOpened, state.threw, returned, state.mistaken?.pos ?? '', after, facts].join('|');
}

export function withPlace(state: State, place: string, carry: Carry | undefined): State {
  const places = new Map(state.places);
  for (const key of places.keys()) if (key === place || key.startsWith(`${place}.`)) places.delete(key);
  if (carry) places.set(place, carry);
  return { ...state, places };
}

export function withTemp(state: State, node: ts.Node, carry: Carry): State {
  return { ...state, temps: new Map(state.temps).set(node, carry) };
}

export function withFact(state: State, key: string, value: boolean): State {
  return { ...state, facts: new Map(state.facts).set(key, value) };
}
