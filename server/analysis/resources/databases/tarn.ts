import type { LibraryModel } from '../model.ts';

export const tarn: LibraryModel = {
  library: 'tarn',
  packages: [{ name: 'tarn' }],
  modules: {
    tarn: { Pool: { class: 'Pool' } },
  },
  types: {
    Pool: { members: { acquire: { returns: 'PendingOperation' } } },
    PendingOperation: { members: {} },
  },
  acquisitions: [
    {
      at: { type: 'Pool', member: 'acquire' },
      yields: [{ via: 'property', property: 'promise', promise: true }],
      duty: 'pooled',
      kind: 'pooled resource',
      discharges: [{ by: 'acquirer', name: 'release', argument: 0 }],
      preferred: { by: 'acquirer', name: 'release', argument: 0 },
      consequence: 'every resource kept takes one of the pool’s slots; with none left, `acquire()` fails for everybody',
    },
  ],
  bounds: [
    { at: { construct: 'Pool' }, phase: 'acquire', option: 'acquireTimeoutMillis', unit: 'ms', default: 30_000 },
    { at: { construct: 'Pool' }, phase: 'connect', option: 'createTimeoutMillis', unit: 'ms', default: 30_000 },
  ],
};
