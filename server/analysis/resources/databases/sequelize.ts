import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';

const exports: ModuleShape = {
  default: { class: 'Sequelize' },
  Sequelize: { class: 'Sequelize' },
  Transaction: { type: 'Transaction' },
};

const transaction: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  resource: 'Transaction',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback', promise: true },
    { by: 'method', name: 'commit', promise: true },
    { by: 'acquirerClose', name: 'close' },
  ],
  preferred: { by: 'method', name: 'rollback', promise: true },
  consequence:
    'its locks stay, and it keeps one of the pool’s connections, five by default; with none left, every query waits until it fails',
  conventional: { receiver: /sequelize/i, uses: ['commit', 'rollback'] },
};

export const sequelize: LibraryModel = {
  library: 'sequelize',
  packages: [{ name: 'sequelize' }, { name: 'sequelize-typescript' }, { name: '@sequelize/core' }],
  modules: { sequelize: exports, 'sequelize-typescript': exports, '@sequelize/core': exports },
  types: {
    Sequelize: {
      members: {
        transaction: { returns: 'Transaction', promise: true },
        startUnmanagedTransaction: { returns: 'Transaction', promise: true },
        connectionManager: { value: 'ConnectionManager' },
        close: {},
      },
    },
    Transaction: { members: { commit: {}, rollback: {} } },
    ConnectionManager: { members: { getConnection: {}, releaseConnection: {} } },
  },
  acquisitions: [
    {
      at: { type: 'Sequelize', member: 'transaction' },
      ...transaction,
      // With a function it is the managed form, which commits and rolls back by itself.
      unless: [
        { argument: 0, is: 'function' },
        { argument: 1, is: 'function' },
      ],
    },
    { at: { type: 'Sequelize', member: 'startUnmanagedTransaction' }, ...transaction },
    {
      at: { type: 'ConnectionManager', member: 'getConnection' },
      yields: [{ via: 'promise' }],
      duty: 'pooled',
      kind: 'pooled connection',
      // It has one connection, which it hands to everybody.
      sharedWhere: /\bdialect\s*:\s*['"`]sqlite['"`]/,
      discharges: [
        { by: 'acquirer', name: 'releaseConnection', argument: 0 },
        { by: 'acquirer', name: 'destroyConnection', argument: 0 },
      ],
      preferred: { by: 'acquirer', name: 'releaseConnection', argument: 0 },
      consequence:
        'every connection kept takes one of the pool’s slots, five by default; with none left, every query waits until it fails',
      conventional: { receiver: /^connectionManager$/, uses: [] },
    },
    {
      at: { construct: 'Sequelize' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Sequelize',
      duty: 'handle',
      kind: 'database client',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
      consequence: 'its pool keeps connections of the database open, and the process alive',
    },
  ],
  bounds: [
    { at: { construct: 'Sequelize' }, phase: 'acquire', option: 'pool.acquire', unit: 'ms', default: 60_000 },
    { at: { construct: 'Sequelize' }, phase: 'idle', option: 'pool.idle', unit: 'ms', default: 10_000 },
  ],
};
