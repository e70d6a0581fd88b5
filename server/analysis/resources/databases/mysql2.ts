import type { Acquisition, Bound, DeclaredAs, LibraryModel, TypeShape, Yield } from '../model.ts';
import { beginStatements, connectionConvention, endStatements, transactionConsequence } from './conventions.ts';

const acquisition = (yields: readonly Yield[], disposal: 'sync' | 'async'): Omit<Acquisition, 'at'> => ({
  yields,
  duty: 'pooled',
  kind: 'pooled connection',
  dropsDead: true,
  discharges: [
    { by: 'method', name: 'release' },
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
    { by: 'acquirer', name: 'releaseConnection', argument: 0 },
    { by: 'acquirerClose', name: 'end' },
  ],
  preferred: { by: 'method', name: 'release' },
  disposal: [{ versions: '>=3.18.0', disposal, differs: 'returns the connection with an open transaction still open' }],
  shorthand: { query: 'query', execute: 'execute' },
  consequence:
    'every connection kept takes one of the pool’s slots; with none left, `getConnection()` waits for everybody',
  conventional: connectionConvention,
});

const connection: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  resource: 'promise.Connection',
  duty: 'handle',
  kind: 'connection',
  dropsDead: true,
  discharges: [
    { by: 'method', name: 'end', promise: true },
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'close', promise: true },
  ],
  preferred: { by: 'method', name: 'end', promise: true },
  disposal: [{ versions: '>=3.18.0', disposal: 'async' }],
  consequence: 'each open connection takes one of the server’s, 151 by default, and keeps the process alive',
};

/** By default as many connections may stay idle as the pool may have: it closes none by itself. */
const pool: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  lifetime: 'application',
  resource: 'promise.Pool',
  duty: 'handle',
  kind: 'pool',
  discharges: [{ by: 'method', name: 'end', promise: true }],
  preferred: { by: 'method', name: 'end', promise: true },
  consequence: 'its connections stay open, each takes one of the server’s, 151 by default, and keeps the process alive',
};

const transaction: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'receiver' }],
  resource: 'promise.Connection',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback', promise: true },
    { by: 'method', name: 'commit', promise: true },
    ...endStatements('query', 'execute'),
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
  ],
  preferred: { by: 'method', name: 'rollback', promise: true },
  // `resetOnRelease` is off by default.
  wrong: [{ name: 'release', because: 'gives the connection back with its transaction still open', effect: 'holds' }],
  consequence: transactionConsequence,
  conventional: { ...connectionConvention, uses: ['commit', 'rollback'] },
};

const calledBackTransaction: Omit<Acquisition, 'at'> = {
  ...transaction,
  resource: 'Connection',
  discharges: [
    { by: 'method', name: 'rollback' },
    ...transaction.discharges.filter((d) => d.by !== 'method' || d.name !== 'rollback'),
  ],
  preferred: { by: 'method', name: 'rollback' },
};

const transactionMembers: TypeShape['members'] = {
  connect: {},
  beginTransaction: {},
  query: {},
  execute: {},
  end: {},
  destroy: {},
};

const promised: readonly Yield[] = [{ via: 'promise' }];
const calledBack: readonly Yield[] = [{ via: 'callback', parameter: 1, error: 0 }];

const inPromise = (container: string): readonly DeclaredAs[] => [{ container, file: 'mysql2/promise.d.ts' }];
const inCallback = (container: string, file: string): readonly DeclaredAs[] => [
  { container, file: `mysql2/typings/mysql/lib/${file}.d.ts` },
];

const promisePool = (container: string): TypeShape => ({
  declaredAs: inPromise(container),
  members: {
    getConnection: { returns: 'promise.PoolConnection', promise: true },
    of: { returns: 'promise.PoolNamespace' },
  },
});

const callbackPool = (container: string, file: string): TypeShape => ({
  declaredAs: inCallback(container, file),
  members: {
    getConnection: { callback: { parameters: { 1: 'PoolConnection' } } },
    of: { returns: 'PoolNamespace' },
    promise: { returns: 'promise.Pool' },
  },
});

const promiseTypes = ['promise.Pool', 'promise.PoolNamespace', 'promise.PoolCluster'];
const callbackTypes = ['Pool', 'PoolNamespace', 'PoolCluster'];

export const mysql2: LibraryModel = {
  library: 'mysql2',
  packages: [{ name: 'mysql2' }],
  modules: {
    mysql2: {
      createPool: { returns: 'Pool' },
      createPoolCluster: { returns: 'PoolCluster' },
      createConnection: { returns: 'Connection' },
      Pool: { type: 'Pool' },
      PoolCluster: { type: 'PoolCluster' },
      PoolConnection: { type: 'PoolConnection' },
    },
    'mysql2/promise': {
      createPool: { returns: 'promise.Pool' },
      createPoolCluster: { returns: 'promise.PoolCluster' },
      createConnection: { returns: 'promise.Connection', promise: true },
      Pool: { type: 'promise.Pool' },
      PoolCluster: { type: 'promise.PoolCluster' },
      PoolConnection: { type: 'promise.PoolConnection' },
    },
  },
  types: {
    Pool: callbackPool('Pool', 'Pool'),
    PoolNamespace: callbackPool('PoolNamespace', 'PoolCluster'),
    PoolCluster: callbackPool('PoolCluster', 'PoolCluster'),
    Connection: {
      declaredAs: inCallback('Connection', 'Connection'),
      members: { ...transactionMembers, promise: { returns: 'promise.Connection' } },
    },
    PoolConnection: {
      declaredAs: inCallback('PoolConnection', 'PoolConnection'),
      extends: 'Connection',
      members: { promise: { returns: 'promise.PoolConnection' } },
    },
    'promise.Pool': promisePool('Pool'),
    'promise.PoolNamespace': promisePool('PoolNamespace'),
    'promise.PoolCluster': promisePool('PoolCluster'),
    'promise.Connection': { declaredAs: inPromise('Connection'), members: transactionMembers },
    'promise.PoolConnection': { declaredAs: inPromise('PoolConnection'), extends: 'promise.Connection', members: {} },
  },
  acquisitions: [
    ...promiseTypes.map((type) => ({
      at: { type, member: 'getConnection' },
      ...acquisition(promised, 'async'),
      resource: 'promise.PoolConnection',
    })),
    ...callbackTypes.map((type) => ({
      at: { type, member: 'getConnection' },
      ...acquisition(calledBack, 'sync'),
      resource: 'PoolConnection',
    })),
    { at: { module: 'mysql2/promise', export: 'createConnection' }, ...connection },
    { at: { module: 'mysql2/promise', export: 'createPool' }, ...pool },
    {
      at: { module: 'mysql2', export: 'createPool' },
      ...pool,
      resource: 'Pool',
      // The same pool in another dress, and what becomes of that one is not followed.
      discharges: [
        { by: 'method', name: 'end' },
        { by: 'method', name: 'promise' },
      ],
      preferred: { by: 'method', name: 'end' },
    },
    {
      at: { module: 'mysql2', export: 'createConnection' },
      ...connection,
      yields: [{ via: 'value' }],
      resource: 'Connection',
      discharges: [
        { by: 'method', name: 'end' },
        { by: 'method', name: 'destroy' },
        { by: 'method', name: 'close' },
        // The same connection in another dress, and what becomes of that one is not followed.
        { by: 'method', name: 'promise' },
      ],
      preferred: { by: 'method', name: 'end' },
      disposal: [{ versions: '>=3.18.0', disposal: 'sync' }],
    },
    ...(['query', 'execute'] as const).flatMap((member): Acquisition[] => [
      { at: { type: 'promise.Connection', member, statement: beginStatements }, ...transaction },
      { at: { type: 'Connection', member, statement: beginStatements }, ...calledBackTransaction },
    ]),
    { at: { type: 'promise.Connection', member: 'beginTransaction' }, ...transaction },
    { at: { type: 'Connection', member: 'beginTransaction' }, ...calledBackTransaction },
  ], // A wait for a free connection has no bound at all.
  bounds: ['mysql2', 'mysql2/promise'].flatMap((module): Bound[] => [
    { at: { module, export: 'createPool' }, phase: 'connect', option: 'connectTimeout', unit: 'ms', default: 10_000 },
    { at: { module, export: 'createPool' }, phase: 'idle', option: 'idleTimeout', unit: 'ms', default: 60_000 },
  ]),
};
