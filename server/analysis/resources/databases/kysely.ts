import type { LibraryModel } from '../model.ts';

export const kysely: LibraryModel = {
  library: 'kysely',
  packages: [{ name: 'kysely' }],
  modules: { kysely: { Kysely: { class: 'Kysely' }, ControlledTransaction: { type: 'ControlledTransaction' } } },
  types: {
    Kysely: {
      members: {
        startTransaction: { returns: 'ControlledTransactionBuilder' },
        transaction: {},
        connection: {},
        destroy: {},
      },
    },
    ControlledTransactionBuilder: {
      members: {
        execute: { returns: 'ControlledTransaction', promise: true },
        setIsolationLevel: { returns: 'ControlledTransactionBuilder' },
        setAccessMode: { returns: 'ControlledTransactionBuilder' },
      },
    },
    ControlledTransaction: { extends: 'Kysely', members: { commit: {}, rollback: {} } },
  },
  acquisitions: [
    {
      at: { type: 'ControlledTransactionBuilder', member: 'execute' },
      yields: [{ via: 'promise' }],
      resource: 'ControlledTransaction',
      duty: 'transaction',
      kind: 'transaction',
      // `commit()` and `rollback()` are commands, which `execute()` sends.
      discharges: [
        { by: 'method', name: 'rollback' },
        { by: 'method', name: 'commit' },
      ],
      preferred: { by: 'method', name: 'rollback' },
      consequence: 'its locks stay, and it keeps one of the pool’s connections',
    },
    {
      at: { construct: 'Kysely' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Kysely',
      duty: 'handle',
      kind: 'database client',
      discharges: [{ by: 'method', name: 'destroy', promise: true }],
      preferred: { by: 'method', name: 'destroy', promise: true },
      disposal: [{ versions: '>=0.28.0', disposal: 'async' }],
      consequence: 'its pool keeps connections of the database open, and the process alive',
    },
  ],
};
