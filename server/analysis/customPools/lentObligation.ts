import type ts from 'typescript';
import type { Obligation } from '../ownership/obligation.ts';
import { itself } from '../ownership/state.ts';
import type { Acquisition, Discharge, LibraryModel } from '../resources/model.ts';
import { functionName, isAsync, receiver } from '../syntax/tree.ts';
import { exchangeOf, mayLendPromise } from './exchange.ts';

/** No library: the pool belongs to the project. */
const model: LibraryModel = { library: 'javascript', packages: [], modules: {}, types: {}, acquisitions: [] };

/** The two ends of a pool of the project. */
export interface Ends {
  readonly lend: ts.FunctionLikeDeclaration;
  readonly release: ts.FunctionLikeDeclaration;
}

/** What all who take something out of one pool owe. */
export type LentDuty = Omit<Obligation, 'origin' | 'site' | 'acquirer' | 'through'>;

/** Methods of what was lent that give it back by themselves, or end it instead. */
const ownMethods = [
  ...['release', 'free', 'giveBack', 'returnToPool', 'done'],
  ...['close', 'end', 'destroy', 'dispose', 'disconnect', 'terminate', 'kill'],
];

/** What is lent may be the way back itself: then calling it gives it back. */
const endings: readonly Discharge[] = [{ by: 'call' }, ...ownMethods.map((name) => ({ by: 'method', name }) as const)];

/**
 * The duty that comes with what a pool of the project lends: to call the pool's own way back. Who closes it discharges the
 * duty, too: nobody gives back what is closed.
 */
export function lentDuty({ lend, release }: Ends): LentDuty {
  const name = functionName(release) ?? 'release';
  const { argument, repeats } = exchangeOf(release, lend) ?? { argument: 0, repeats: [] };
  const preferred: Discharge = {
    by: 'acquirer',
    name,
    argument,
    ...(repeats.length > 0 ? { repeats } : {}),
    ...(isAsync(release) ? { promise: true as const } : {}),
  };
  const acquisition: Acquisition = {
    at: { type: 'pool', member: functionName(lend) ?? 'get' },
    yields: [{ via: mayLendPromise(lend) ? 'promise' : 'value' }],
    duty: 'pooled',
    kind: 'pooled resource',
    discharges: [preferred],
    preferred,
    consequence: 'the pool believes that it is in use for ever',
  };
  return {
    model,
    acquisition,
    release: {
      discharges: [preferred, { by: 'method', name }, ...endings],
      wrong: [],
      borrowers: [],
      fluent: [],
      eventual: [],
      isObject: false,
      mayBeKept: false,
      isConsumed: false,
      onDisk: false,
      dropsDead: false,
      told: undefined,
      reachedBy: [],
    },
    confidence: 'likely',
    opens: undefined,
    opensByUse: [],
    isLent: false,
  };
}

/** The duty of one call; `promised` when it is waited for. */
export function lentObligation(call: ts.CallExpression, ends: Ends, promised: boolean): Obligation {
  const origin = { via: 'value', site: call, carry: { ...itself, promised } } as const;
  return { ...lentDuty(ends), origin, site: call, acquirer: receiver(call), through: undefined };
}

/** Whether a pool of the project lends it, about which nobody but its author knows more. */
export const isLentByProject = (obligation: Obligation): boolean => obligation.model === model;
