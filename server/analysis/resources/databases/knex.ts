import type { Acquisition, LibraryModel } from '../model.ts';

const transaction: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  // With a function it is the managed form, which commits and rolls back by itself.
  unless: [{ argument: 0, is: 'function' }],
  resource: 'Transaction',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback', promise: true },
    { by: 'method', name: 'commit', promise: true },
    { by: 'acquirerClose', name: 'destroy' },
  ],
  preferred: { by: 'method', name: 'rollback', promise: true },
  consequence:
    'its locks stay, and it keeps one of the pool’s connections; with none left, every query waits until it fails',
  conventional: { receiver: /knex$/i, uses: ['commit', 'rollback'] },
};

export const knex: LibraryModel = {
  library: 'knex',
  packages: [{ name: 'knex' }],
  modules: {
    knex: {
      default: { returns: 'Knex' },
      knex: { returns: 'Knex' },
      Knex: { type: 'Knex' },
    },
  },
  types: {
    Knex: {
      members: {
        transaction: { returns: 'Transaction', promise: true },
        destroy: {},
        client: { value: 'Client' },
        withUserParams: { returns: 'Knex' },
      },
    },
    Transaction: { extends: 'Knex', members: { commit: {}, rollback: {}, isCompleted: {} } },
    Client: { members: { acquireConnection: {}, releaseConnection: {} } },
  },
  acquisitions: [
    { at: { type: 'Knex', member: 'transaction' }, ...transaction },
    {
      at: { type: 'Client', member: 'acquireConnection' },
      yields: [{ via: 'promise' }],
      duty: 'pooled',
      kind: 'pooled connection',
      discharges: [
        { by: 'acquirer', name: 'releaseConnection', argument: 0, promise: true },
        { by: 'acquirer', name: 'destroyRawConnection', argument: 0 },
        { by: 'acquirerClose', name: 'destroy' },
      ],
      preferred: { by: 'acquirer', name: 'releaseConnection', argument: 0, promise: true },
      consequence:
        'every connection kept takes one of the pool’s slots; with none left, every query waits 60 seconds and fails',
      conventional: { receiver: /^client$/i, uses: [] },
    },
  ],
  bounds: [
    {
      at: { module: 'knex', export: 'knex' },
      phase: 'acquire',
      option: 'acquireConnectionTimeout',
      unit: 'ms',
      default: 60_000,
    },
  ],
};
