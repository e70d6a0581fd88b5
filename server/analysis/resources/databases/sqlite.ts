import type { Acquisition, LibraryModel, TypeShape } from '../model.ts';
import { beginStatements } from './conventions.ts';

/** A file that is written by one process only is kept open by most. */
const database: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  lifetime: 'application',
  resource: 'Database',
  duty: 'handle',
  kind: 'database',
  discharges: [{ by: 'method', name: 'close' }],
  preferred: { by: 'method', name: 'close' },
  consequence: 'its file stays open, and its write-ahead log is not merged',
};

/** The methods do not wait: nothing is promised. */
const immediate: Acquisition = {
  at: { type: 'Database', member: 'exec', statement: beginStatements },
  yields: [{ via: 'receiver' }],
  resource: 'Database',
  duty: 'transaction',
  kind: 'transaction',
  discharges: [
    { by: 'method', name: 'exec', statement: ['rollback', 'abort'] },
    { by: 'method', name: 'exec', statement: ['commit', 'end'] },
    { by: 'method', name: 'close' },
  ],
  preferred: { by: 'method', name: 'exec', statement: ['rollback', 'abort'] },
  consequence: 'nobody else can write to the database, and what is written from now on is lost at the end',
  conventional: { receiver: /^(?:db|database|sqlite)$/i, uses: [] },
};

const members: TypeShape['members'] = { exec: {}, prepare: {}, close: {}, transaction: {} };

export const betterSqlite3: LibraryModel = {
  library: 'better-sqlite3',
  packages: [{ name: 'better-sqlite3' }],
  modules: { 'better-sqlite3': { default: { class: 'Database', callable: true, statics: 'Database.statics' } } },
  types: {
    Database: { members },
    'Database.statics': { declaredAs: [], members: { Database: { type: 'Database' } } },
  },
  acquisitions: [{ at: { construct: 'Database' }, ...database }, immediate],
};

export const nodeSqlite: LibraryModel = {
  library: 'node:sqlite',
  packages: [{ name: 'node' }],
  modules: { 'node:sqlite': { DatabaseSync: { class: 'DatabaseSync' } } },
  types: { DatabaseSync: { members } },
  acquisitions: [
    {
      at: { construct: 'DatabaseSync' },
      ...database,
      resource: 'DatabaseSync',
      disposal: [{ versions: '>=22.15.0', disposal: 'sync' }],
    },
    {
      ...immediate,
      at: { type: 'DatabaseSync', member: 'exec', statement: beginStatements },
      resource: 'DatabaseSync',
    },
  ],
};

export const sqlite3: LibraryModel = {
  library: 'sqlite3',
  packages: [{ name: 'sqlite3' }],
  modules: { sqlite3: { Database: { class: 'Database' }, verbose: { returns: 'sqlite3' } } },
  types: {
    Database: { members: { ...members, run: {} } },
    sqlite3: { members: { Database: { class: 'Database' } } },
  },
  acquisitions: [{ at: { construct: 'Database' }, ...database }],
};
