import type { LibraryModel } from '../model.ts';

export const prisma: LibraryModel = {
  library: '@prisma/client',
  packages: [{ name: '@prisma/client' }],
  modules: {
    '@prisma/client': { PrismaClient: { class: 'PrismaClient' } },
  },
  types: {
    PrismaClient: { members: { $connect: {}, $disconnect: {}, $extends: { returns: 'PrismaClient' } } },
  },
  acquisitions: [
    {
      at: { construct: 'PrismaClient' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'PrismaClient',
      duty: 'handle',
      kind: 'client',
      discharges: [{ by: 'method', name: '$disconnect', promise: true }],
      preferred: { by: 'method', name: '$disconnect', promise: true },
      consequence: 'every client has a pool of its own, whose connections stay open',
    },
  ],
};
