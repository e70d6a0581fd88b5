import type { LibraryModel } from '../model.ts';

export const basicFtp: LibraryModel = {
  library: 'basic-ftp',
  packages: [{ name: 'basic-ftp' }],
  modules: { 'basic-ftp': { Client: { class: 'Client' } } },
  types: { Client: { members: {} } },
  acquisitions: [
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      opens: ['access', 'connect', 'connectImplicitTLS'],
      resource: 'Client',
      duty: 'handle',
      kind: 'connection over FTP',
      discharges: [{ by: 'method', name: 'close' }],
      preferred: { by: 'method', name: 'close' },
      consequence: 'its control connection stays open, and servers allow only a few for each user',
    },
  ],
};
