import type { LibraryModel } from '../model.ts';
import { node } from '../words.ts';

/** Listeners that are disposed of. */
export const abortListeners: LibraryModel = {
  library: 'events',
  packages: node,
  modules: { events: { addAbortListener: { returns: 'Disposable' } } },
  types: { Disposable: { declaredAs: [], members: {} } },
  acquisitions: [
    {
      at: { module: 'events', export: 'addAbortListener' },
      yields: [{ via: 'value' }],
      resource: 'Disposable',
      duty: 'handle',
      kind: 'abort listener',
      discharges: [{ by: 'method', name: '[Symbol.dispose]' }],
      preferred: { by: 'method', name: '[Symbol.dispose]' },
      disposal: [{ versions: '>=20.5.0', disposal: 'sync' }],
      onlyIfReleased: ['[Symbol.dispose]'],
      consequence: 'the listener stays on the signal, with all that it closes over, until the signal is collected',
    },
  ],
};
