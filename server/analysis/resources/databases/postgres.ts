import type { LibraryModel } from '../model.ts';

export const postgres: LibraryModel = {
  library: 'postgres',
  packages: [{ name: 'postgres' }],
  modules: { postgres: { default: { returns: 'Sql' }, Sql: { type: 'Sql' } } },
  types: {
    Sql: { members: { reserve: { returns: 'ReservedSql', promise: true }, end: {}, close: {} } },
    ReservedSql: { extends: 'Sql', members: { release: {} } },
  },
  acquisitions: [
    {
      at: { type: 'Sql', member: 'reserve' },
      yields: [{ via: 'promise' }],
      resource: 'ReservedSql',
      duty: 'pooled',
      kind: 'reserved connection',
      discharges: [
        { by: 'method', name: 'release' },
        { by: 'acquirerClose', name: 'end' },
      ],
      preferred: { by: 'method', name: 'release' },
      consequence: 'every connection kept takes one of the ten; with none left, every query waits for everybody',
    },
    {
      at: { module: 'postgres', export: 'default' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Sql',
      duty: 'handle',
      kind: 'database client',
      discharges: [
        { by: 'method', name: 'end', promise: true },
        { by: 'method', name: 'close', promise: true },
      ],
      preferred: { by: 'method', name: 'end', promise: true },
      consequence: 'its pool keeps connections of the server open, and the process alive',
    },
  ],
  bounds: [
    {
      at: { module: 'postgres', export: 'default' },
      phase: 'connect',
      option: 'connect_timeout',
      unit: 's',
      default: 30,
      disabledBy: [0, null],
    },
  ],
};
