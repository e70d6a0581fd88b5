import type { LibraryModel, ModuleShape } from '../model.ts';
import { httpWaits } from '../waits/http.ts';

const exports: ModuleShape = {
  request: { returns: 'ClientRequest' },
  get: { returns: 'ClientRequest' },
  Agent: { class: 'Agent' },
  createServer: { returns: 'Server' },
};

export const http: LibraryModel = {
  library: 'http',
  packages: [{ name: 'node' }],
  modules: { http: exports, https: exports },
  types: {
    ClientRequest: { members: {} },
    Agent: { declaredAs: [{ container: 'Agent', file: '/http.d.ts' }], members: {} },
    Server: { declaredAs: [{ container: 'Server', file: '/http.d.ts' }], members: {} },
  },
  acquisitions: [],
  ...httpWaits,
};
