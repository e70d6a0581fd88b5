import type { Acquisition, Bound, DeclaredAs, LibraryModel, TypeShape, Yield } from '../model.ts';
import { connectionConvention } from './conventions.ts';

const acquisition = (yields: readonly Yield[], disposal: 'sync' | 'async'): Omit<Acquisition, 'at'> => ({
  yields,
  duty: 'pooled',
  kind: 'pooled connection',
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
    Connection: { declaredAs: inCallback('Connection', 'Connection'), members: {} },
    PoolConnection: {
      declaredAs: inCallback('PoolConnection', 'PoolConnection'),
      extends: 'Connection',
      members: { promise: { returns: 'promise.PoolConnection' } },
    },
    'promise.Pool': promisePool('Pool'),
    'promise.PoolNamespace': promisePool('PoolNamespace'),
    'promise.PoolCluster': promisePool('PoolCluster'),
    'promise.Connection': { declaredAs: inPromise('Connection'), members: {} },
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
  ], // A wait for a free connection has no bound at all.
  bounds: ['mysql2', 'mysql2/promise'].flatMap((module): Bound[] => [
    { at: { module, export: 'createPool' }, phase: 'connect', option: 'connectTimeout', unit: 'ms', default: 10_000 },
    { at: { module, export: 'createPool' }, phase: 'idle', option: 'idleTimeout', unit: 'ms', default: 60_000 },
  ]),
};
