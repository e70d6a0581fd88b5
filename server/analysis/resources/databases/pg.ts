import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';
import { events } from '../words.ts';
import { beginStatements, endStatements, transactionConsequence } from './conventions.ts';

const exports: ModuleShape = {
  Pool: { class: 'Pool', callable: true },
  Client: { class: 'Client' },
  native: { namespace: { Pool: { class: 'Pool' }, Client: { class: 'Client' } } },
  PoolClient: { type: 'PoolClient' },
  // Until version 7.
  connect: { callback: { parameters: { 1: 'PoolClient' } } },
};

/** A client that hears what the server announces is held for as long as somebody wants to hear it. */
const listening = events('notification');

const acquisition: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'PoolClient',
  duty: 'pooled',
  kind: 'pooled client',
  discharges: [{ by: 'method', name: 'release' }, { by: 'callbackParameter', parameter: 2 }, ...listening],
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
    ClientBase: { members: { connect: {}, query: {} } },
    Client: { extends: 'ClientBase', members: { end: {} } },
    PoolClient: { extends: 'Client', members: {} },
  },
  acquisitions: [
    {
      at: { type: 'Pool', member: 'connect' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      ...acquisition,
    },
    { at: { module: 'pg', export: 'connect' }, yields: [{ via: 'callback', parameter: 1, error: 0 }], ...acquisition },
    // Opens its own connection: nothing is taken from a pool.
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      resource: 'Client',
      duty: 'handle',
      kind: 'client',
      discharges: [{ by: 'method', name: 'end', promise: true }, ...listening],
      preferred: { by: 'method', name: 'end', promise: true },
      consequence:
        'each open client takes one of the server’s connections, a hundred by default, and keeps the process alive',
    },
    {
      at: { construct: 'Pool' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Pool',
      duty: 'handle',
      kind: 'pool',
      discharges: [{ by: 'method', name: 'end', promise: true }],
      preferred: { by: 'method', name: 'end', promise: true },
      consequence: 'its connections stay open until they have been idle for ten seconds',
      idles: true,
    },
    {
      at: { type: 'ClientBase', member: 'query', statement: beginStatements },
      yields: [{ via: 'receiver' }],
      resource: 'ClientBase',
      duty: 'transaction',
      kind: 'transaction',
      discharges: [
        ...endStatements('query'),
        // A client that is given back as broken is closed, and the server rolls back.
        { by: 'method', name: 'release', withArgument: true },
        { by: 'method', name: 'end', promise: true },
      ],
      preferred: { by: 'method', name: 'query', promise: true, statement: ['rollback', 'abort'] },
      wrong: [{ name: 'release', because: 'gives the client back with its transaction still open', effect: 'holds' }],
      consequence: transactionConsequence,
      conventional: { receiver: /client\d*$/i, uses: [] },
    },
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
