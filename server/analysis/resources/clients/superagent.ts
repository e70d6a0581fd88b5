import type { LibraryModel, ValueShape, Wait } from '../model.ts';

const methods = ['get', 'post', 'put', 'patch', 'head', 'del', 'delete', 'options'];
const request: ValueShape = { returns: 'Request' };
const client: ValueShape = { value: 'SuperAgent' };

const wait = (at: Wait['at']): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [],
  bounds: [],
  value: { awaited: true, bounding: { timeout: 'total' }, ends: ['abort'] },
  consequence: 'it has no timeout by default: a server that never answers keeps the request and its socket for ever',
});

export const superagent: LibraryModel = {
  library: 'superagent',
  packages: [{ name: 'superagent' }],
  modules: {
    superagent: {
      default: client,
      agent: { returns: 'SuperAgent' },
      ...Object.fromEntries(methods.map((name) => [name, request])),
    },
  },
  types: {
    SuperAgent: {
      members: {
        ...Object.fromEntries(methods.map((name) => [name, request])),
        agent: { returns: 'SuperAgent' },
        timeout: { returns: 'SuperAgent' },
      },
      call: request,
    },
    Request: { members: { timeout: request, set: request, query: request, send: request } },
  },
  acquisitions: [],
  waits: [
    wait({ call: 'SuperAgent' }),
    ...methods.map((member) => wait({ type: 'SuperAgent', member })),
    ...methods.map((name) => wait({ module: 'superagent', export: name })),
  ],
  defaults: [{ at: { type: 'SuperAgent', member: 'agent' }, options: 0, reach: 'instance', hooks: ['timeout'] }],
};
