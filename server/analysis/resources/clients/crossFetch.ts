import type { LibraryModel, Wait } from '../model.ts';

const wait: Omit<Wait, 'at'> = {
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [1],
  bounds: [
    { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
    // In Node it is node-fetch 2.
    { option: 'timeout', phase: 'request', unit: 'ms', default: 'forever', disabledBy: [0] },
  ],
  consequence:
    'a server that accepts and never answers keeps the request, its socket and everything behind it for ever',
  preferred: 'signal',
};

export const crossFetch: LibraryModel = {
  library: 'cross-fetch',
  packages: [{ name: 'cross-fetch' }],
  modules: {
    'cross-fetch': {
      default: { returns: 'Response', promise: true },
      fetch: { returns: 'Response', promise: true },
    },
  },
  types: { Response: { members: {} } },
  acquisitions: [],
  waits: [
    { at: { module: 'cross-fetch', export: 'default' }, ...wait },
    { at: { module: 'cross-fetch', export: 'fetch' }, ...wait },
  ],
};
