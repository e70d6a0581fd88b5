import type { LibraryModel } from '../model.ts';

export const piscina: LibraryModel = {
  library: 'piscina',
  packages: [{ name: 'piscina' }],
  modules: { piscina: { default: { class: 'Piscina' }, Piscina: { class: 'Piscina' } } },
  types: { Piscina: { members: {} } },
  acquisitions: [
    {
      at: { construct: 'Piscina' },
      yields: [{ via: 'value' }],
      resource: 'Piscina',
      lifetime: 'application',
      duty: 'handle',
      kind: 'worker pool',
      discharges: [
        { by: 'method', name: 'destroy', promise: true },
        { by: 'method', name: 'close', promise: true },
      ],
      preferred: { by: 'method', name: 'destroy', promise: true },
      disposal: [{ versions: '>=5.1.0', disposal: 'both' }],
      consequence: 'its threads and their memory live as long as the process',
    },
  ],
};
