import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';

const exported: ModuleShape = {
  ConnectionPool: { class: 'ConnectionPool' },
  Transaction: { class: 'Transaction' },
  PreparedStatement: { class: 'PreparedStatement' },
  connect: { returns: 'ConnectionPool', promise: true },
};

const pool: Omit<Acquisition, 'at' | 'yields'> = {
  lifetime: 'application',
  resource: 'ConnectionPool',
  duty: 'handle',
  kind: 'pool',
  discharges: [{ by: 'method', name: 'close', promise: true }],
  preferred: { by: 'method', name: 'close', promise: true },
  consequence: 'its connections stay open on the server, ten by default, and keep the process alive',
};

const transaction: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  opens: ['begin'],
  resource: 'Transaction',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'rollback', promise: true },
    { by: 'method', name: 'commit', promise: true },
  ],
  preferred: { by: 'method', name: 'rollback', promise: true },
  consequence: 'its locks stay, and it keeps one of the pool’s connections, ten by default',
};

const statement: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  opens: ['prepare'],
  resource: 'PreparedStatement',
  duty: 'pooled',
  kind: 'prepared statement',
  discharges: [{ by: 'method', name: 'unprepare', promise: true }],
  preferred: { by: 'method', name: 'unprepare', promise: true },
  consequence: 'it keeps one of the pool’s connections, ten by default, until it is unprepared',
};

const model = (module: string): LibraryModel => ({
  library: module,
  packages: [{ name: 'mssql' }],
  modules: { [module]: exported },
  types: {
    ConnectionPool: {
      members: {
        connect: { returns: 'ConnectionPool', promise: true },
        close: {},
        transaction: { returns: 'Transaction' },
      },
    },
    Transaction: { members: { begin: {}, commit: {}, rollback: {} } },
    PreparedStatement: { members: { prepare: {}, unprepare: {}, execute: {} } },
  },
  acquisitions: [
    { at: { construct: 'ConnectionPool' }, yields: [{ via: 'value' }], opens: ['connect'], ...pool },
    { at: { construct: 'Transaction' }, ...transaction },
    { at: { type: 'ConnectionPool', member: 'transaction' }, ...transaction },
    { at: { construct: 'PreparedStatement' }, ...statement },
  ],
  bounds: [
    { at: { construct: 'ConnectionPool' }, phase: 'connect', option: 'connectionTimeout', unit: 'ms', default: 15_000 },
    { at: { construct: 'ConnectionPool' }, phase: 'request', option: 'requestTimeout', unit: 'ms', default: 15_000 },
  ],
});

export const mssql: LibraryModel = model('mssql');

/** The same over the driver of Microsoft. */
export const mssqlNative: LibraryModel = model('mssql/msnodesqlv8');
