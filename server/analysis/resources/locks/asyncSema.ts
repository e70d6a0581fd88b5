import type { LibraryModel } from '../model.ts';

export const asyncSema: LibraryModel = {
  library: 'async-sema',
  packages: [{ name: 'async-sema' }],
  modules: { 'async-sema': { Sema: { class: 'Sema' } } },
  types: { Sema: { members: { acquire: {} } } },
  acquisitions: [
    {
      at: { type: 'Sema', member: 'acquire' },
      yields: [{ via: 'promise' }],
      duty: 'pooled',
      kind: 'semaphore slot',
      discharges: [{ by: 'acquirer', name: 'release' }],
      preferred: { by: 'acquirer', name: 'release' },
      consequence: 'with no slot left, everybody who waits for one waits for ever',
    },
  ],
};
