import type { LibraryModel } from '../model.ts';

const instance = { returns: 'FastifyInstance' } as const;

export const fastify: LibraryModel = {
  library: 'fastify',
  packages: [{ name: 'fastify' }],
  modules: { fastify: { default: instance, fastify: instance, FastifyInstance: { type: 'FastifyInstance' } } },
  types: { FastifyInstance: { members: {} } },
  acquisitions: [
    {
      at: { module: 'fastify', export: 'fastify' },
      yields: [{ via: 'value' }],
      opens: ['listen', 'ready', 'inject'],
      resource: 'FastifyInstance',
      lifetime: 'application',
      onlyIfReleased: ['close'],
      duty: 'handle',
      kind: 'server',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
      disposal: [{ versions: '>=4.24.0', disposal: 'async' }],
      consequence: 'it goes on listening, and what its plugins hold stays open',
    },
  ],
};
