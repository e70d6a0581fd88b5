import type ts from 'typescript';
import type { Obligation } from '../ownership/obligation.ts';
import { itself } from '../ownership/state.ts';
import type { Acquisition, Discharge, LibraryModel } from '../resources/model.ts';
import { functionName, isAsync, receiver } from '../syntax/tree.ts';

/** No library: the pool belongs to the project. */
const model: LibraryModel = { library: 'javascript', packages: [], modules: {}, types: {}, acquisitions: [] };

/** What takes something out of a pool of the project, and what takes it back. */
export interface Lend {
  readonly call: ts.CallExpression;
  readonly lend: ts.FunctionLikeDeclaration;
  readonly release: ts.FunctionLikeDeclaration;
  /** Whether the call yields a promise of it. */
  readonly promised: boolean;
}

/** Methods that end what was lent instead of giving it back. */
const endings: readonly Discharge[] = ['close', 'end', 'destroy', 'dispose', 'disconnect', 'terminate', 'kill'].map(
  (name) => ({ by: 'method', name }),
);

/**
 * The duty that comes with what a pool of the project lends: to call the pool's own way back. Who closes it discharges the
 * duty, too: nobody gives back what is closed.
 */
export function lentObligation({ call, lend, release, promised }: Lend): Obligation {
  const name = functionName(release) ?? 'release';
  const preferred: Discharge = {
    by: 'acquirer',
    name,
    argument: 0,
    ...(isAsync(release) ? { promise: true as const } : {}),
  };
  const acquisition: Acquisition = {
    at: { type: 'pool', member: functionName(lend) ?? 'get' },
    yields: [{ via: promised ? 'promise' : 'value' }],
    duty: 'pooled',
    kind: 'resource',
    discharges: [preferred],
    preferred,
    consequence: 'the pool believes that it is in use for ever',
  };
  return {
    model,
    acquisition,
    origin: { via: 'value', site: call, carry: { ...itself, promised } },
    release: {
      discharges: [preferred, ...endings],
      wrong: [],
      borrowers: [],
      fluent: [],
      mayBeKept: false,
      isConsumed: false,
    },
    site: call,
    acquirer: receiver(call),
    through: undefined,
    confidence: 'likely',
    opens: undefined,
    opensByUse: [],
    isLent: false,
  };
}
