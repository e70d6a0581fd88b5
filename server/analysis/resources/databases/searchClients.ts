import type { LibraryModel } from '../model.ts';

const searchClient = (library: string, types: readonly string[]): LibraryModel => ({
  library,
  packages: [{ name: library }],
  modules: { [library]: Object.fromEntries(types.map((name) => [name, { class: 'Client' }])) },
  types: { Client: { members: { close: {}, child: { returns: 'Client' } } } },
  acquisitions: [
    {
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Client',
      duty: 'handle',
      kind: 'client',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
      consequence: 'its agent keeps the connections to each node open for the next request, which never comes',
    },
  ],
});

/** Clients of search engines: each holds connections of its own, kept alive. */
export const elasticsearch = searchClient('@elastic/elasticsearch', ['Client']);
export const opensearch = searchClient('@opensearch-project/opensearch', ['Client']);
