import type { LibraryModel, ValueShape, Wait } from '../model.ts';

const methods = ['concat', 'get', 'post', 'put', 'patch', 'head', 'delete'];
const running: ValueShape = { returns: 'Request' };

const wait = (at: Wait['at']): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [0],
  bounds: [
    { option: 'timeout', phase: 'idle', unit: 'ms', default: 'forever', disabledBy: [0] },
    { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
  ],
  value: { ends: ['destroy', 'abort'] },
  consequence: 'it has no timeout by default: a server that never answers keeps the request and its socket for ever',
  preferred: 'timeout',
});

export const simpleGet: LibraryModel = {
  library: 'simple-get',
  packages: [{ name: 'simple-get' }],
  modules: { 'simple-get': { default: { value: 'SimpleGet' } } },
  types: {
    SimpleGet: {
      declaredAs: [],
      members: Object.fromEntries(methods.map((name) => [name, running])),
      call: running,
    },
    Request: { members: {} },
  },
  acquisitions: [],
  waits: [wait({ call: 'SimpleGet' }), ...methods.map((member) => wait({ type: 'SimpleGet', member }))],
};
