import type { LibraryModel, ValueShape, Wait } from '../model.ts';

const methods = ['get', 'post', 'put', 'patch', 'head', 'del', 'delete', 'options'];
const running: ValueShape = { returns: 'Request' };
const client: ValueShape = { value: 'RequestAPI' };

const wait = (at: Wait['at']): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [0, 1],
  bounds: [{ option: 'timeout', phase: 'request', unit: 'ms', default: 'forever', disabledBy: [0] }],
  value: { awaited: true, ends: ['abort', 'destroy'], emitsError: 'uncalled' },
  consequence: 'it has no timeout by default: a server that never answers keeps the request and its socket for ever',
  preferred: 'timeout',
});

/** The library of that name, unmaintained and still in use, and its promise-returning relatives. */
export const requestLibrary: LibraryModel = {
  library: 'request',
  packages: [{ name: 'request' }, { name: 'request-promise' }, { name: 'request-promise-native' }],
  modules: {
    request: { default: client },
    'request-promise': { default: client },
    'request-promise-native': { default: client },
  },
  types: {
    RequestAPI: {
      members: { ...Object.fromEntries(methods.map((name) => [name, running])), defaults: { returns: 'RequestAPI' } },
      call: running,
    },
    Request: { members: {} },
  },
  acquisitions: [],
  waits: [wait({ call: 'RequestAPI' }), ...methods.map((member) => wait({ type: 'RequestAPI', member }))],
  defaults: [{ at: { type: 'RequestAPI', member: 'defaults' }, options: 0, reach: 'instance' }],
};
