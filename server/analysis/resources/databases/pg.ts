import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';

const exports: ModuleShape = {
  Pool: { class: 'Pool', callable: true },
  Client: { class: 'Client' },
  native: { namespace: { Pool: { class: 'Pool' }, Client: { class: 'Client' } } },
  PoolClient: { type: 'PoolClient' },
  // Until version 7.
  connect: { callback: { parameters: { 1: 'PoolClient' } } },
};

const acquisition: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'PoolClient',
  duty: 'pooled',
  kind: 'pooled client',
  discharges: [
    { by: 'method', name: 'release' },
    { by: 'callbackParameter', parameter: 2 },
  ],
  preferred: { by: 'method', name: 'release' },
  wrong: [{ name: 'end', because: 'closes the connection but never gives its slot back to the pool', effect: 'holds' }],
  again: 'throws',
  shorthand: { query: 'query' },
  consequence:
    'every client kept takes one of the pool’s slots; with none left, `connect()` waits or fails for everybody',
  conventional: { receiver: /pool\d*$|^pg$/i, uses: ['query'] },
};

/** node-postgres and what is a drop-in for it. */
export const pg: LibraryModel = {
  library: 'pg',
  packages: [{ name: 'pg' }, { name: 'pg-pool' }, { name: '@neondatabase/serverless' }],
  modules: {
    pg: exports,
    'pg-pool': { default: { class: 'Pool', callable: true } },
    '@neondatabase/serverless': exports,
  },
  types: {
    Pool: {
      members: {
        connect: { returns: 'PoolClient', promise: true, callback: { parameters: { 1: 'PoolClient' } } },
      },
    },
    // Opens its own connection: nothing is taken from a pool.
    ClientBase: { members: { connect: {} } },
    Client: { extends: 'ClientBase', members: {} },
    PoolClient: { extends: 'Client', members: {} },
  },
  acquisitions: [
    {
      at: { type: 'Pool', member: 'connect' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      ...acquisition,
    },
    { at: { module: 'pg', export: 'connect' }, yields: [{ via: 'callback', parameter: 1, error: 0 }], ...acquisition },
  ],
  bounds: [
    {
      at: { construct: 'Pool' },
      phase: 'acquire',
      option: 'connectionTimeoutMillis',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
    {
      at: { construct: 'Pool' },
      phase: 'idle',
      option: 'idleTimeoutMillis',
      unit: 'ms',
      default: 10_000,
      disabledBy: [0],
    },
    {
      at: { construct: 'Pool' },
      phase: 'request',
      option: 'query_timeout',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
    {
      at: { construct: 'Client' },
      phase: 'request',
      option: 'query_timeout',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
  ],
};
