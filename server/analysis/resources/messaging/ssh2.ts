import type { LibraryModel } from '../model.ts';
import { emitter, events, fluent, methods } from '../words.ts';

export const ssh2: LibraryModel = {
  library: 'ssh2',
  packages: [{ name: 'ssh2' }],
  modules: { ssh2: { Client: { class: 'Client' } } },
  types: { Client: { members: { ...emitter('Client'), ...fluent('Client', 'connect') } } },
  acquisitions: [
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      resource: 'Client',
      duty: 'handle',
      kind: 'connection over SSH',
      discharges: [...methods('end', 'destroy'), ...events('close', 'end')],
      preferred: { by: 'method', name: 'end' },
      consequence: 'the connection stays open: no keep-alive or idle limit ends it by default',
    },
  ],
};
