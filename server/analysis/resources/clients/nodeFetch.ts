import type { BoundOption, LibraryModel, ModuleShape, Wait } from '../model.ts';

const signal: BoundOption = { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' };

const exports: ModuleShape = {
  default: { returns: 'Response', promise: true },
  fetch: { returns: 'Response', promise: true },
};

const wait: Omit<Wait, 'at'> = {
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [1],
  bounds: [
    signal,
    { option: 'timeout', versions: '<3', phase: 'request', unit: 'ms', default: 'forever', disabledBy: [0] },
    {
      option: 'timeout',
      versions: '>=3',
      phase: 'request',
      unit: 'ms',
      default: 'forever',
      ignored: 'was removed in version 3 and is passed over in silence',
    },
  ],
  consequence:
    'a server that accepts and never answers keeps the request, its socket and everything behind it for ever',
  preferred: 'signal',
};

export const nodeFetch: LibraryModel = {
  library: 'node-fetch',
  packages: [{ name: 'node-fetch' }],
  modules: { 'node-fetch': exports },
  types: { Response: { members: {} } },
  acquisitions: [],
  waits: [
    { at: { module: 'node-fetch', export: 'default' }, ...wait },
    { at: { module: 'node-fetch', export: 'fetch' }, ...wait },
  ],
};
