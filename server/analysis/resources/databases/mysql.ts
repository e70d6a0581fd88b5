import type { Acquisition, LibraryModel } from '../model.ts';
import { beginStatements, connectionConvention, endStatements, transactionConsequence } from './conventions.ts';

const acquisition: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'callback', parameter: 1, error: 0 }],
  resource: 'PoolConnection',
  duty: 'pooled',
  kind: 'pooled connection',
  dropsDead: true,
  // `end` on a pooled connection warns, then releases.
  discharges: [
    { by: 'method', name: 'release' },
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
    { by: 'acquirer', name: 'releaseConnection', argument: 0 },
    { by: 'acquirerClose', name: 'end' },
  ],
  preferred: { by: 'method', name: 'release' },
  again: 'throws, or gives away what somebody else has borrowed by then',
  shorthand: { query: 'query' },
  consequence:
    'every connection kept takes one of the pool’s slots; with none left, `getConnection()` waits or fails for everybody',
  conventional: connectionConvention,
};

const transaction: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'receiver' }],
  resource: 'Connection',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback' },
    { by: 'method', name: 'commit' },
    ...endStatements('query'),
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
  ],
  preferred: { by: 'method', name: 'rollback' },
  wrong: [{ name: 'release', because: 'gives the connection back with its transaction still open', effect: 'holds' }],
  consequence: transactionConsequence,
  conventional: { ...connectionConvention, uses: ['commit', 'rollback'] },
};

const transactions: readonly Acquisition[] = [
  { at: { type: 'Connection', member: 'beginTransaction' }, ...transaction },
  { at: { type: 'Connection', member: 'query', statement: beginStatements }, ...transaction },
];

export const mysql: LibraryModel = {
  library: 'mysql',
  packages: [{ name: 'mysql' }],
  modules: {
    mysql: {
      createPool: { returns: 'Pool' },
      createPoolCluster: { returns: 'PoolCluster' },
      createConnection: { returns: 'Connection' },
      Pool: { type: 'Pool' },
      PoolCluster: { type: 'PoolCluster' },
      PoolConnection: { type: 'PoolConnection' },
      Connection: { type: 'Connection' },
    },
  },
  types: {
    Pool: { members: { getConnection: { callback: { parameters: { 1: 'PoolConnection' } } } } },
    PoolCluster: {
      members: {
        getConnection: { callback: { parameters: { 1: 'PoolConnection' } } },
        of: { returns: 'Pool' },
      },
    },
    Connection: { members: { connect: {}, beginTransaction: {}, query: {}, end: {}, destroy: {} } },
    PoolConnection: { extends: 'Connection', members: {} },
  },
  acquisitions: [
    { at: { type: 'Pool', member: 'getConnection' }, ...acquisition },
    { at: { type: 'PoolCluster', member: 'getConnection' }, ...acquisition },
    {
      at: { module: 'mysql', export: 'createConnection' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      opensByUse: ['query', 'beginTransaction', 'ping', 'changeUser'],
      resource: 'Connection',
      duty: 'handle',
      kind: 'connection',
      dropsDead: true,
      discharges: [
        { by: 'method', name: 'end' },
        { by: 'method', name: 'destroy' },
      ],
      preferred: { by: 'method', name: 'end' },
      consequence: 'each open connection takes one of the server’s, 151 by default, and keeps the process alive',
    },
    {
      at: { module: 'mysql', export: 'createPool' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Pool',
      duty: 'handle',
      kind: 'pool',
      discharges: [{ by: 'method', name: 'end' }],
      preferred: { by: 'method', name: 'end' },
      consequence:
        'its connections stay open, each takes one of the server’s, 151 by default, and keeps the process alive',
    },
    ...transactions,
  ],
  bounds: [
    {
      at: { module: 'mysql', export: 'createPool' },
      phase: 'acquire',
      option: 'acquireTimeout',
      unit: 'ms',
      default: 10_000,
    },
    {
      at: { module: 'mysql', export: 'createPool' },
      phase: 'connect',
      option: 'connectTimeout',
      unit: 'ms',
      default: 10_000,
    },
  ],
};
