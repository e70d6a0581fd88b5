import type { Acquisition, LibraryModel } from '../model.ts';
import { connectionConvention } from './conventions.ts';

const connection: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
  resource: 'Connection',
  duty: 'pooled',
  kind: 'connection',
  discharges: [
    { by: 'method', name: 'close', promise: true },
    { by: 'method', name: 'release', promise: true },
    { by: 'acquirerClose', name: 'close' },
  ],
  preferred: { by: 'method', name: 'close', promise: true },
  disposal: [{ versions: '>=7.0.0', disposal: 'async' }],
  consequence:
    'every connection kept takes one of the pool’s slots, four by default; with none left, everybody waits a minute and fails',
  conventional: { ...connectionConvention, receiver: /oracle|pool\d*$/i, uses: ['execute', 'commit', 'close'] },
};

export const oracledb: LibraryModel = {
  library: 'oracledb',
  packages: [{ name: 'oracledb' }],
  modules: {
    oracledb: {
      createPool: { returns: 'Pool', promise: true, callback: { parameters: { 1: 'Pool' } } },
      getPool: { returns: 'Pool' },
      getConnection: { returns: 'Connection', promise: true, callback: { parameters: { 1: 'Connection' } } },
      Pool: { type: 'Pool' },
      Connection: { type: 'Connection' },
    },
  },
  types: {
    Pool: {
      members: {
        getConnection: { returns: 'Connection', promise: true, callback: { parameters: { 1: 'Connection' } } },
        close: {},
      },
    },
    Connection: { members: { execute: { returns: 'Result', promise: true }, close: {}, release: {} } },
    Result: { members: { resultSet: { value: 'ResultSet' } } },
    ResultSet: { members: { close: {}, getRow: {}, getRows: {} } },
  },
  acquisitions: [
    {
      at: { type: 'Pool', member: 'getConnection' },
      unless: [
        { argument: 0, option: 'connectString' },
        { argument: 0, option: 'connectionString' },
      ],
      ...connection,
    },
    // From the default pool, or from one by its name; all else asks for a connection of its own.
    { at: { module: 'oracledb', export: 'getConnection' }, unless: [{ argument: 0 }], ...connection },
    { at: { module: 'oracledb', export: 'getConnection' }, when: [{ argument: 0, is: 'function' }], ...connection },
    { at: { module: 'oracledb', export: 'getConnection' }, when: [{ argument: 0, is: 'text' }], ...connection },
    {
      at: { module: 'oracledb', export: 'getConnection' },
      when: [{ argument: 0, option: 'poolAlias' }],
      ...connection,
    },
    {
      at: { module: 'oracledb', export: 'getConnection' },
      ...connection,
      duty: 'handle',
      kind: 'standalone connection',
      consequence: 'each open connection is a session of the database, which limits them for everybody',
    },
    {
      at: { type: 'Connection', member: 'execute' },
      yields: [{ via: 'promise', path: ['resultSet'] }],
      when: [{ argument: 2, option: 'resultSet', equals: true }],
      resource: 'ResultSet',
      duty: 'handle',
      kind: 'result set',
      discharges: [{ by: 'method', name: 'close', promise: true }, { by: 'iteration' }],
      preferred: { by: 'method', name: 'close', promise: true },
      disposal: [{ versions: '>=7.0.0', disposal: 'async' }],
      consequence: 'each open one takes one of the session’s cursors, 300 by default, while the connection lives',
    },
  ],
  bounds: [
    {
      at: { module: 'oracledb', export: 'createPool' },
      phase: 'acquire',
      option: 'queueTimeout',
      unit: 'ms',
      default: 60_000,
      disabledBy: [0],
    },
  ],
};
