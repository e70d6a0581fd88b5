import type { Acquisition, LibraryModel } from '../model.ts';
import { emitter, events, fluent, methods, node } from '../words.ts';

const reading: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [{ argument: 0, option: 'signal' }],
  resource: 'Interface',
  duty: 'handle',
  kind: 'readline interface',
  // Whoever listens to its lines reads its input to the end.
  discharges: [...methods('close'), ...events('line', 'close', 'SIGINT'), { by: 'iteration' }],
  preferred: { by: 'method', name: 'close' },
  disposal: [{ versions: '>=22.15.0', disposal: 'sync' }],
  consequence: 'its input stays open and keeps the process alive; each one adds listeners to the same input',
};

/** Node's line reader. */
export const readline: LibraryModel = {
  library: 'readline',
  packages: node,
  modules: {
    readline: {
      createInterface: { returns: 'Interface' },
      promises: { namespace: { createInterface: { returns: 'Interface' } } },
      Interface: { type: 'Interface' },
    },
    'readline/promises': { createInterface: { returns: 'Interface' }, Interface: { type: 'Interface' } },
  },
  types: { Interface: { members: { ...emitter('Interface'), ...fluent('Interface', 'pause', 'resume') } } },
  acquisitions: [
    { at: { module: 'readline', export: 'createInterface' }, ...reading },
    { at: { module: 'readline/promises', export: 'createInterface' }, ...reading },
  ],
};
