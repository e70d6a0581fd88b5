import type { Acquisition, LibraryModel, TypeShape, Yield } from '../model.ts';
import { beginStatements, connectionConvention, endStatements, transactionConsequence } from './conventions.ts';

const acquisition = (yields: readonly Yield[]): Omit<Acquisition, 'at'> => ({
  yields,
  duty: 'pooled',
  kind: 'pooled connection',
  dropsDead: true,
  discharges: [
    { by: 'method', name: 'release', promise: true },
    { by: 'method', name: 'end' },
    { by: 'method', name: 'destroy' },
    { by: 'acquirerClose', name: 'end' },
  ],
  preferred: { by: 'method', name: 'release', promise: true },
  // A release resets the connection and rolls an open transaction back, and so does disposal.
  disposal: [{ versions: '>=3.5.1', disposal: 'async' }],
  shorthand: { query: 'query', execute: 'execute', batch: 'batch' },
  consequence:
    'every connection kept takes one of the pool’s slots; with none left, `getConnection()` fails for everybody',
  conventional: connectionConvention,
});

const connection: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  resource: 'Connection',
  duty: 'handle',
  kind: 'connection',
  dropsDead: true,
  discharges: [
    { by: 'method', name: 'end', promise: true },
    { by: 'method', name: 'destroy' },
  ],
  preferred: { by: 'method', name: 'end', promise: true },
  disposal: [{ versions: '>=3.5.1', disposal: 'async' }],
  consequence: 'each open connection takes one of the server’s, 151 by default, and keeps the process alive',
};

const transaction = (resource: string, promise?: true): Omit<Acquisition, 'at'> => ({
  yields: [{ via: 'receiver' }],
  resource,
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback', ...(promise && { promise }) },
    { by: 'method', name: 'commit', ...(promise && { promise }) },
    ...endStatements('query', 'execute'),
    // A release rolls back, unless the pool is told not to.
    { by: 'method', name: 'release' },
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
  ],
  preferred: { by: 'method', name: 'rollback', ...(promise && { promise }) },
  consequence: transactionConsequence,
  conventional: { ...connectionConvention, uses: ['commit', 'rollback'] },
});

const connectionMembers: TypeShape['members'] = {
  beginTransaction: {},
  query: {},
  execute: {},
  end: {},
  destroy: {},
};

const promisePool: TypeShape = {
  members: {
    getConnection: { returns: 'PoolConnection', promise: true },
    of: { returns: 'Pool' },
  },
};

const callbackPool = (container: string): TypeShape => ({
  declaredAs: [
    { container, file: 'types/callback.d.cts' },
    { container, file: 'types/callback.d.ts' },
  ],
  members: {
    getConnection: { callback: { parameters: { 1: 'callback.PoolConnection' } } },
    of: { returns: 'callback.Pool' },
  },
});

const promiseTypes = ['Pool', 'PoolCluster', 'FilteredPoolCluster'];

export const mariadb: LibraryModel = {
  library: 'mariadb',
  packages: [{ name: 'mariadb' }],
  modules: {
    mariadb: {
      createPool: { returns: 'Pool' },
      createPoolCluster: { returns: 'PoolCluster' },
      createConnection: { returns: 'Connection', promise: true },
      Pool: { type: 'Pool' },
      PoolCluster: { type: 'PoolCluster' },
      PoolConnection: { type: 'PoolConnection' },
    },
    'mariadb/callback': {
      createPool: { returns: 'callback.Pool' },
      createPoolCluster: { returns: 'callback.PoolCluster' },
      createConnection: { returns: 'callback.Connection' },
    },
  },
  types: {
    // The callback typings use the same names: they have to be asked first.
    'callback.Pool': callbackPool('Pool'),
    'callback.PoolCluster': callbackPool('PoolCluster'),
    'callback.FilteredPoolCluster': callbackPool('FilteredPoolCluster'),
    'callback.Connection': { ...callbackPool('Connection'), members: connectionMembers },
    'callback.PoolConnection': { ...callbackPool('PoolConnection'), extends: 'callback.Connection', members: {} },
    Pool: promisePool,
    PoolCluster: promisePool,
    FilteredPoolCluster: promisePool,
    Connection: { members: connectionMembers },
    PoolConnection: { extends: 'Connection', members: {} },
  },
  acquisitions: [
    ...promiseTypes.map((type) => ({
      at: { type, member: 'getConnection' },
      ...acquisition([{ via: 'promise' }]),
      resource: 'PoolConnection',
    })),
    ...promiseTypes.map((type) => ({
      at: { type: `callback.${type}`, member: 'getConnection' },
      ...acquisition([{ via: 'callback', parameter: 1, error: 0 }]),
      resource: 'callback.PoolConnection',
    })),
    { at: { module: 'mariadb', export: 'createConnection' }, ...connection },
    {
      at: { module: 'mariadb', export: 'createPool' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Pool',
      duty: 'handle',
      kind: 'pool',
      discharges: [{ by: 'method', name: 'end', promise: true }],
      preferred: { by: 'method', name: 'end', promise: true },
      consequence:
        'its connections stay open, each takes one of the server’s, 151 by default, and keeps the process alive',
    },
    {
      at: { module: 'mariadb/callback', export: 'createConnection' },
      ...connection,
      yields: [{ via: 'value' }],
      resource: 'callback.Connection',
      discharges: [
        { by: 'method', name: 'end' },
        { by: 'method', name: 'destroy' },
      ],
      preferred: { by: 'method', name: 'end' },
    },
    { at: { type: 'Connection', member: 'beginTransaction' }, ...transaction('Connection', true) },
    { at: { type: 'callback.Connection', member: 'beginTransaction' }, ...transaction('callback.Connection') },
    ...['query', 'execute'].flatMap((member): Acquisition[] => [
      { at: { type: 'Connection', member, statement: beginStatements }, ...transaction('Connection', true) },
      {
        at: { type: 'callback.Connection', member, statement: beginStatements },
        ...transaction('callback.Connection'),
      },
    ]),
  ],
  bounds: [
    {
      at: { module: 'mariadb', export: 'createPool' },
      phase: 'acquire',
      option: 'acquireTimeout',
      unit: 'ms',
      default: 10_000,
    },
    {
      at: { module: 'mariadb', export: 'createPool' },
      phase: 'connect',
      option: 'connectTimeout',
      unit: 'ms',
      default: 1_000,
    },
    {
      at: { module: 'mariadb', export: 'createPool' },
      phase: 'request',
      option: 'queryTimeout',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
  ],
};
