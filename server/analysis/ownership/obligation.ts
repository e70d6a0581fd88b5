import type ts from 'typescript';
import type { Confidence } from '../finding.ts';
import type { Acquisition, Borrowers, Discharge, LibraryModel, ValueShape, WrongRelease } from '../resources/model.ts';
import type { Told } from '../resources/told.ts';
import type { Carry } from './state.ts';

/** Where and how the tracked value comes into being in a graph. */
export type Origin =
  /** The value, or a promise of it, is what the call yields; `carry` tells where in it the resource sits. */
  | {
      readonly via: 'value';
      readonly site: ts.CallExpression | ts.NewExpression;
      readonly carry: Carry;
      /** The object under the duty from the call on, where that is the one that the call is made on. */
      readonly holder?: ts.Expression;
    }
  /** The call hands it to a callback that is inlined in the same graph. */
  | { readonly via: 'callback'; readonly site: ts.CallExpression; readonly parameters: CallbackParameters }
  /** The graph's own function receives it: a named callback, or a parameter whose summary is wanted. */
  | {
      readonly via: 'parameters';
      readonly function: ts.FunctionLikeDeclaration;
      readonly parameters: CallbackParameters;
    };

export interface CallbackParameters {
  readonly resource: number;
  /** How the argument carries the resource. */
  readonly carry: Carry;
  /** Nullish exactly when the resource was acquired. */
  readonly error: number | undefined;
  /** Calling this one releases. */
  readonly releaser: number | undefined;
}

/** How resources of one kind are given back; shared by an acquisition and the summaries of whom it is passed to. */
export interface Release {
  readonly discharges: readonly Discharge[];
  readonly wrong: readonly WrongRelease[];
  /** Library functions that only use it. */
  readonly borrowers: readonly Borrowers[];
  /** Methods of the resource that return it: `stream.on(…)`. */
  readonly fluent: readonly string[];
  /** Methods of the resource of which an `await` cannot fail: `await stream.write(…)`. */
  readonly eventual: readonly string[];
  /** It is an object: no number, no text. */
  readonly isObject: boolean;
  /** Whoever keeps it in a field or an outer variable does right, although it is also released in the same function. */
  readonly mayBeKept: boolean;
  /** Whoever consumes it ends it, unlike what goes back to a pool: code that releases only after a failure gave it away. */
  readonly isConsumed: boolean;
  /** It has a place on the disk, and can be asked for there. */
  readonly onDisk: boolean;
  /** One that died holds nothing. */
  readonly dropsDead: boolean;
  /** Methods of what is made in it that give it. */
  readonly reachedBy: readonly string[];
  /** What tells others where it is. */
  readonly told: Told | undefined;
}

/** One acquisition in one graph, and what it obliges to. */
export interface Obligation {
  readonly model: LibraryModel;
  readonly acquisition: Acquisition;
  readonly origin: Origin;
  readonly release: Release;
  /** The call as it stands in the source; also for callbacks. */
  readonly site: ts.CallExpression | ts.NewExpression;
  /** What it was acquired from: `pool` of `pool.connect()`. */
  readonly acquirer: ts.Expression | undefined;
  /** The function of the project that acquires on behalf of the site, where the site calls one. */
  readonly through: string | undefined;
  /** How sure it is that the site acquires. */
  readonly confidence: Confidence;
  /** Methods of the resource by which it becomes open; until one is called nothing is held. */
  readonly opens: readonly string[] | undefined;
  /** Members of the resource whose use opens it, whatever comes of it. */
  readonly opensByUse: readonly string[];
  /** The object under the duty belongs to somebody else, who may end what was begun on it. */
  readonly isLent: boolean;
}

/** Other names by which resources are given back: where only names tell what it is, they count as well. */
const usualReleases: readonly Discharge[] = ['close', 'end', 'destroy', 'dispose', 'disconnect', 'done'].map(
  (name) => ({
    by: 'method',
    name,
  }),
);

export function releaseOf(model: LibraryModel, acquisition: Acquisition, confidence: Confidence): Release {
  const { discharges, wrong = [], borrowers = [], resource } = acquisition;
  const fluent =
    resource === undefined
      ? []
      : membersOf(model, resource, (shape, type) => 'returns' in shape && shape.returns === type && !shape.promise);
  const eventual =
    resource === undefined ? [] : membersOf(model, resource, (shape) => 'eventual' in shape && shape.eventual === true);
  const mayBeKept = acquisition.lifetime === 'application';
  const isConsumed = acquisition.duty === 'handle' || acquisition.duty === 'body';
  const isObject = resource !== undefined && confidence === 'proven';
  const dropsDead = acquisition.dropsDead === true;
  const onDisk = acquisition.onDisk === true;
  const { told, reachedBy = [] } = acquisition;
  const common = { borrowers, fluent, eventual, isObject, mayBeKept, isConsumed, onDisk, dropsDead, told, reachedBy };
  if (confidence === 'proven') return { discharges, wrong, ...common };
  return { discharges: [...discharges, ...usualReleases], wrong: [], ...common };
}

/** Members of a type, and of what it extends, that are of a kind. */
function membersOf(
  { types }: LibraryModel,
  type: string,
  isWanted: (shape: ValueShape, type: string) => boolean,
): readonly string[] {
  const found: string[] = [];
  for (let current: string | undefined = type; current !== undefined; current = types[current]?.extends) {
    for (const [name, shape] of Object.entries(types[current]?.members ?? {}))
      if (isWanted(shape, current)) found.push(name);
  }
  return found;
}
