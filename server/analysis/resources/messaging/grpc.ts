import type { LibraryModel } from '../model.ts';

export const grpc: LibraryModel = {
  library: '@grpc/grpc-js',
  packages: [{ name: '@grpc/grpc-js' }],
  modules: { '@grpc/grpc-js': { Client: { class: 'Client' } } },
  types: { Client: { members: {} } },
  acquisitions: [
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      resource: 'Client',
      lifetime: 'application',
      duty: 'handle',
      kind: 'client',
      discharges: [{ by: 'method', name: 'close' }],
      preferred: { by: 'method', name: 'close' },
      consequence: 'its channel stays connected, with a session and timers of its own',
    },
  ],
};
