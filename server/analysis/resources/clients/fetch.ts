import type { LibraryModel } from '../model.ts';
import { fetchWaits } from '../waits/fetch.ts';

/** The function that every file has. Node gives up on headers, and on each chunk of the body, after 300 s. */
export const fetching: LibraryModel = {
  library: 'fetch',
  packages: [{ name: 'undici-types' }],
  modules: {},
  globals: { fetch: { returns: 'Response', promise: true } },
  types: { Response: { members: {} } },
  acquisitions: [],
  ...fetchWaits,
};
