import type ts from 'typescript';
import { channelOperations } from '../resources/messaging/amqplib.ts';
import type { Acquisition, Discharge, Duty, LibraryModel } from '../resources/model.ts';
import { memberName, receiver, strip } from '../syntax/tree.ts';
import { type Obligation, type Origin, releaseOf } from './obligation.ts';
import { endingNames, kinds } from './usages.ts';

/** No library: what the code does shows the duty. */
const model: LibraryModel = { library: 'javascript', packages: [], modules: {}, types: {}, acquisitions: [] };

/** Whether nothing but names and their use tells of the duty. */
export const isShownByUse = (obligation: Obligation): boolean => obligation.model === model;

/** What an object is ended by, with all that it opened. */
const ownerEnds = ['close', 'end', 'destroy', 'disconnect', 'quit', 'terminate', 'shutdown'];

/** Who calls the value itself calls a releaser. */
const endings: readonly Discharge[] = [
  { by: 'call' },
  ...endingNames.map((name) => ({ by: 'method', name }) as const),
  ...ownerEnds.map((name) => ({ by: 'acquirerClose', name }) as const),
];

const rollback: Discharge = { by: 'method', name: 'rollback', promise: true };

/** Either one ends a transaction. */
const finishing: readonly Discharge[] = [rollback, { by: 'method', name: 'commit', promise: true }];

/** What use tells of a duty. */
export interface Shown {
  readonly site: ts.CallExpression | ts.NewExpression;
  readonly origin: Origin;
  /** The name of what is called. */
  readonly name: string;
  /** The name that tells what it is, where the call's does not. */
  readonly called?: string | undefined;
  readonly preferred: Discharge;
  /** What opens it, where the call itself does not. */
  readonly opens?: readonly string[];
  readonly consequence: string;
}

/** The obligation that use tells of. */
export function shownDuty({ site, origin, name, called, preferred, opens, consequence }: Shown): Obligation {
  const duty = dutyOf(preferred);
  const isTransaction = duty === 'transaction';
  const owner = receiver(site);
  const acquisition: Acquisition = {
    at: { type: owner ? (memberName(strip(owner)) ?? owner.getText()) : 'function', member: name },
    yields: [{ via: origin.via === 'value' && origin.carry.promised ? 'promise' : 'value' }],
    duty,
    // Most drivers do, and which one it is nobody knows.
    dropsDead: true,
    kind:
      preferred.by === 'call' ? 'lock' : (kinds.find(([pattern]) => pattern.test(called ?? name))?.[1] ?? 'resource'),
    discharges: isTransaction ? finishing : [preferred],
    preferred: isTransaction ? rollback : preferred,
    consequence,
  };
  const release = releaseOf(model, acquisition, 'likely');
  return {
    model,
    acquisition,
    origin,
    release: {
      ...release,
      discharges: [...release.discharges, ...endings],
      eventual: acquisition.kind === 'channel' ? channelOperations : release.eventual,
    },
    site,
    acquirer: owner,
    through: undefined,
    confidence: 'likely',
    opens,
    opensByUse: [],
    isLent: false,
  };
}

function dutyOf(preferred: Discharge): Duty {
  switch (preferred.by) {
    case 'method':
      if (/^(commit|rollback)$/.test(preferred.name)) return 'transaction';
      return /^(release\w*|unlock)$/.test(preferred.name) ? 'pooled' : 'handle';
    case 'acquirer':
      return /^(?:close|disconnect|end|quit)/.test(preferred.name) ? 'handle' : 'pooled';
    default:
      return 'pooled';
  }
}
