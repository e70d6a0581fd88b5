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

/** A package that is `fetch` wherever it runs. */
const fetchEverywhere = (name: string): LibraryModel => ({
  library: name,
  packages: [{ name }],
  modules: {
    [name]: {
      default: { returns: 'Response', promise: true },
      fetch: { returns: 'Response', promise: true },
    },
  },
  types: { Response: { members: {} } },
  acquisitions: [],
  waits: ['default', 'fetch'].map((exported) => ({ at: { module: name, export: exported }, ...wait })),
});

export const crossFetch = fetchEverywhere('cross-fetch');

export const isomorphicFetch = fetchEverywhere('isomorphic-fetch');
