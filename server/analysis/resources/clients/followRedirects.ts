import type { LibraryModel, ModuleShape, Wait } from '../model.ts';
import { httpWait } from '../waits/http.ts';
import { emitter } from '../words.ts';

const protocol: ModuleShape = { request: { returns: 'RedirectableRequest' }, get: { returns: 'RedirectableRequest' } };

/** Node's function in another coat: only that its `setTimeout` destroys the socket itself. */
const { shape: _, ...plain } = httpWait({ type: 'Protocol', member: 'request' });
const wait = (name: string): Wait => ({
  ...plain,
  at: { type: 'Protocol', member: name },
  value: {
    bounding: { setTimeout: 'request' },
    ends: ['destroy', 'abort'],
    emitsError: 'always',
    sockets: ['socket'],
    parts: ['socket'],
  },
});

export const followRedirects: LibraryModel = {
  library: 'follow-redirects',
  packages: [{ name: 'follow-redirects' }],
  modules: { 'follow-redirects': { http: { value: 'Protocol' }, https: { value: 'Protocol' } } },
  types: {
    Protocol: { declaredAs: [], members: protocol },
    RedirectableRequest: { members: emitter('RedirectableRequest') },
  },
  acquisitions: [],
  waits: ['request', 'get'].map(wait),
};
