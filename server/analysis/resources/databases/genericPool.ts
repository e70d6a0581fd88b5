import type { LibraryModel } from '../model.ts';

/** The resource's type is the user's: everything is keyed on the pool. */
export const genericPool: LibraryModel = {
  library: 'generic-pool',
  packages: [{ name: 'generic-pool' }],
  modules: {
    'generic-pool': {
      createPool: { returns: 'Pool' },
      Pool: { class: 'Pool' },
    },
  },
  types: {
    Pool: { members: { acquire: {} } },
  },
  acquisitions: [
    {
      at: { type: 'Pool', member: 'acquire' },
      // Before version 3, `acquire` took a callback.
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      duty: 'pooled',
      kind: 'pooled resource',
      discharges: [
        { by: 'acquirer', name: 'release', argument: 0, promise: true },
        { by: 'acquirer', name: 'destroy', argument: 0 },
      ],
      preferred: { by: 'acquirer', name: 'release', argument: 0, promise: true },
      again: 'rejects, or gives away what somebody else has borrowed by then',
      consequence:
        'every resource kept takes one of the pool’s slots; with none left, `acquire()` waits or fails for everybody',
      conventional: { receiver: /pool\d*$/i, uses: [] },
    },
  ],
  bounds: [
    {
      at: { module: 'generic-pool', export: 'createPool' },
      argument: 1,
      phase: 'acquire',
      option: 'acquireTimeoutMillis',
      unit: 'ms',
      default: 'forever',
    },
  ],
};
