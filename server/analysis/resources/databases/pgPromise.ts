import type { LibraryModel } from '../model.ts';

export const pgPromise: LibraryModel = {
  library: 'pg-promise',
  packages: [{ name: 'pg-promise' }],
  modules: { 'pg-promise': { default: { returns: 'Main' } } },
  types: {
    // The library is a function that makes a database.
    Main: { declaredAs: [{ container: 'IMain' }], members: {} },
    Database: {
      declaredAs: [{ container: 'IDatabase' }],
      members: { connect: { returns: 'Connected', promise: true } },
    },
    Connected: { declaredAs: [{ container: 'IConnected' }], members: { done: {} } },
  },
  acquisitions: [
    {
      at: { type: 'Database', member: 'connect' },
      yields: [{ via: 'promise' }],
      resource: 'Connected',
      duty: 'pooled',
      kind: 'pooled connection',
      discharges: [{ by: 'method', name: 'done' }],
      preferred: { by: 'method', name: 'done' },
      consequence:
        'every connection kept takes one of the pool’s slots; with none left, every query waits for everybody',
    },
  ],
};
