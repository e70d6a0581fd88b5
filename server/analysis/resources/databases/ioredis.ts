import type { Acquisition, LibraryModel } from '../model.ts';

const client: Omit<Acquisition, 'at' | 'yields'> = {
  lifetime: 'application',
  resource: 'Redis',
  duty: 'handle',
  kind: 'client',
  discharges: [
    { by: 'method', name: 'quit', promise: true },
    { by: 'method', name: 'disconnect' },
    { by: 'method', name: 'end' },
  ],
  preferred: { by: 'method', name: 'quit', promise: true },
  consequence: 'its connection stays open on the server, reconnects for ever and keeps the process alive',
};

export const ioredis: LibraryModel = {
  library: 'ioredis',
  packages: [{ name: 'ioredis' }],
  modules: {
    ioredis: {
      default: { class: 'Redis', callable: true, statics: 'Redis.statics' },
      Redis: { class: 'Redis', callable: true, statics: 'Redis.statics' },
      Cluster: { class: 'Cluster' },
    },
  },
  types: {
    Redis: {
      members: {
        duplicate: { returns: 'Redis' },
        monitor: { returns: 'Redis', promise: true },
        connect: {},
        on: { returns: 'Redis' },
        once: { returns: 'Redis' },
        quit: {},
        disconnect: {},
        end: {},
      },
    },
    Cluster: { extends: 'Redis', members: { duplicate: { returns: 'Cluster' } } },
    'Redis.statics': {
      declaredAs: [{ container: 'Redis' }],
      members: { Cluster: { class: 'Cluster' }, createClient: { returns: 'Redis' } },
    },
  },
  acquisitions: [
    // With `lazyConnect` the first command connects: what is seen of it tells nothing.
    ...['Redis', 'Cluster'].map((construct) => ({
      at: { construct },
      yields: [{ via: 'value' } as const],
      unless: [{ argument: 0, option: 'lazyConnect' }],
      ...client,
    })),
    { at: { type: 'Redis', member: 'duplicate' }, yields: [{ via: 'value' }], ...client },
    {
      at: { type: 'Redis', member: 'monitor' },
      yields: [{ via: 'promise' }],
      ...client,
      kind: 'monitor',
      preferred: { by: 'method', name: 'disconnect' },
    },
  ],
  bounds: [
    { at: { construct: 'Redis' }, phase: 'connect', option: 'connectTimeout', unit: 'ms', default: 10_000 },
    {
      at: { construct: 'Redis' },
      phase: 'request',
      option: 'commandTimeout',
      unit: 'ms',
      default: 'forever',
    },
  ],
};
