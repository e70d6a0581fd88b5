import type { LibraryModel } from '../model.ts';
import { http2Waits } from '../waits/http2.ts';

export const http2: LibraryModel = {
  library: 'http2',
  packages: [{ name: 'node' }],
  modules: { http2: { connect: { returns: 'ClientHttp2Session' } } },
  types: {
    ClientHttp2Session: { members: { request: { returns: 'ClientHttp2Stream' } } },
    ClientHttp2Stream: { members: {} },
  },
  acquisitions: [],
  ...http2Waits,
};
