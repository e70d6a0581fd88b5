import type { LibraryModel } from '../model.ts';

export const ldapts: LibraryModel = {
  library: 'ldapts',
  packages: [{ name: 'ldapts' }],
  modules: { ldapts: { Client: { class: 'Client' } } },
  types: { Client: { members: {} } },
  acquisitions: [
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      opens: ['bind', 'startTLS', 'search'],
      resource: 'Client',
      duty: 'handle',
      kind: 'connection over LDAP',
      discharges: [{ by: 'method', name: 'unbind', promise: true }],
      preferred: { by: 'method', name: 'unbind', promise: true },
      disposal: [{ versions: '*', disposal: 'async' }],
      consequence: 'the connection stays open until the server ends it',
    },
  ],
};
