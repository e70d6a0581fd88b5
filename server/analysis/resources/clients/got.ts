import type { BoundOption, LibraryModel, ValueShape, Wait } from '../model.ts';

const phases = ['request', 'response', 'connect', 'socket', 'send', 'read', 'lookup', 'secureConnect'] as const;

const bounds: readonly BoundOption[] = [
  // Until version 11 a plain number was the limit of the whole request; later versions throw at one, and nobody waits.
  { option: 'timeout', phase: 'total', unit: 'ms', default: 'forever' },
  ...phases.map(
    (name): BoundOption => ({
      option: `timeout.${name}`,
      phase: name === 'connect' || name === 'lookup' || name === 'secureConnect' ? 'connect' : 'request',
      unit: 'ms',
      default: 'forever',
    }),
  ),
  { option: 'signal', versions: '>=12', phase: 'total', unit: 'signal', default: 'forever' },
];

const methods = ['get', 'post', 'put', 'patch', 'head', 'delete', 'stream', 'paginate'];
const answer: ValueShape = { returns: 'Response', promise: true };
const client: ValueShape = { value: 'Got' };

const wait = (at: Wait['at']): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [1, 0],
  bounds,
  consequence:
    'none of its timeouts has a default: a server that never answers keeps the request and its socket for ever',
  preferred: 'timeout.request',
});

export const got: LibraryModel = {
  library: 'got',
  packages: [{ name: 'got' }],
  modules: { got: { default: client, got: client, Got: { type: 'Got' } } },
  types: {
    Got: {
      lacks: ['timeout', 'setTimeout'],
      members: { ...Object.fromEntries(methods.map((name) => [name, answer])), extend: { returns: 'Got' } },
      call: answer,
    },
    Response: { members: {} },
  },
  acquisitions: [],
  waits: [
    wait({ call: 'Got' }),
    ...methods.filter((member) => member !== 'stream').map((member) => wait({ type: 'Got', member })),
    // A limit of the whole would cut long bodies off; this one begins anew with each byte.
    { ...wait({ type: 'Got', member: 'stream' }), preferred: 'timeout.socket' },
  ],
  defaults: [{ at: { type: 'Got', member: 'extend' }, options: 0, reach: 'instance', hooks: ['defaults'] }],
};
