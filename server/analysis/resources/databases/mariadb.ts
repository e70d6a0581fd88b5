import type { Acquisition, LibraryModel, TypeShape, Yield } from '../model.ts';
import { connectionConvention } from './conventions.ts';

const acquisition = (yields: readonly Yield[]): Omit<Acquisition, 'at'> => ({
  yields,
  duty: 'pooled',
  kind: 'pooled connection',
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
      createConnection: { returns: 'Connection' },
    },
  },
  types: {
    // The callback typings use the same names: they have to be asked first.
    'callback.Pool': callbackPool('Pool'),
    'callback.PoolCluster': callbackPool('PoolCluster'),
    'callback.FilteredPoolCluster': callbackPool('FilteredPoolCluster'),
    'callback.PoolConnection': { ...callbackPool('PoolConnection'), extends: 'Connection', members: {} },
    Pool: promisePool,
    PoolCluster: promisePool,
    FilteredPoolCluster: promisePool,
    Connection: { members: {} },
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
