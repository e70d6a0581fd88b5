import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';

const exported: ModuleShape = {
  createClient: { returns: 'RedisClient' },
  createCluster: { returns: 'RedisClient' },
  createSentinel: { returns: 'RedisClient' },
  createClientPool: { returns: 'RedisClientPool' },
  RedisClientType: { type: 'RedisClient' },
  RedisClusterType: { type: 'RedisClient' },
  RedisClient: { type: 'RedisClient' },
};

const client: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  lifetime: 'application',
  resource: 'RedisClient',
  duty: 'handle',
  kind: 'client',
  discharges: [
    { by: 'method', name: 'quit', promise: true },
    { by: 'method', name: 'close', promise: true },
    { by: 'method', name: 'disconnect', promise: true },
    { by: 'method', name: 'destroy' },
    { by: 'method', name: 'end' },
    { by: 'method', name: 'unref' },
  ],
  preferred: { by: 'method', name: 'quit', promise: true },
  consequence: 'its connection stays open on the server, reconnects for ever and keeps the process alive',
};

const types: LibraryModel['types'] = {
  RedisClient: {
    declaredAs: [{ container: 'RedisClient' }, { container: 'RedisCluster' }, { container: 'RedisSentinel' }],
    members: {
      connect: { returns: 'RedisClient', promise: true },
      duplicate: { returns: 'RedisClient' },
      on: { returns: 'RedisClient' },
      once: { returns: 'RedisClient' },
      quit: {},
      close: {},
      disconnect: {},
      destroy: {},
    },
  },
  RedisClientPool: { members: { connect: {}, close: {}, destroy: {} } },
};

const acquisitions = (module: string, versions: string | undefined): readonly Acquisition[] =>
  [
    ...['createClient', 'createCluster', 'createSentinel'].map((name) => ({ module, export: name })),
    { type: 'RedisClient', member: 'duplicate' },
  ].map((at) => ({ at, ...(versions !== undefined && { versions }), opens: ['connect'], ...client }));

export const redis: LibraryModel = {
  library: 'redis',
  packages: [{ name: 'redis' }],
  modules: { redis: exported },
  types,
  acquisitions: [
    ...acquisitions('redis', '>=4.0.0'),
    // Until version 3 a client connects at once.
    { at: { module: 'redis', export: 'createClient' }, versions: '<4.0.0', ...client },
    { at: { type: 'RedisClient', member: 'duplicate' }, versions: '<4.0.0', ...client },
  ],
  bounds: [
    {
      at: { module: 'redis', export: 'createClient' },
      phase: 'connect',
      option: 'socket.connectTimeout',
      unit: 'ms',
      default: 5_000,
    },
    {
      at: { module: 'redis', export: 'createClient' },
      phase: 'idle',
      option: 'socket.socketTimeout',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
    {
      at: { module: 'redis', export: 'createClientPool' },
      phase: 'acquire',
      option: 'acquireTimeout',
      unit: 'ms',
      default: 3_000,
    },
  ],
};

/** What `redis` consists of since version 4; its typings are declared here. */
export const redisClient: LibraryModel = {
  library: '@redis/client',
  packages: [{ name: '@redis/client' }],
  modules: { '@redis/client': exported },
  types,
  acquisitions: acquisitions('@redis/client', undefined),
};
