import type { BoundOption, LibraryModel, ValueShape, Wait } from '../model.ts';

export const axiosBounds: readonly BoundOption[] = [
  { option: 'timeout', phase: 'request', unit: 'ms', default: 'forever', disabledBy: [0] },
  { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
  { option: 'cancelToken', phase: 'total', unit: 'signal', default: 'forever' },
];

/** Method → the argument that is its configuration. */
export const axiosMethods: Readonly<Record<string, number>> = {
  ...{ request: 0, get: 1, delete: 1, head: 1, options: 1 },
  ...{ post: 2, put: 2, patch: 2, postForm: 2, putForm: 2, patchForm: 2 },
};

const answer: ValueShape = { returns: 'Response', promise: true };

export const axiosWait = (at: Wait['at'], options: readonly number[]): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options,
  bounds: axiosBounds,
  consequence: 'its `timeout` is 0 by default: a server that never answers keeps the request and its socket for ever',
  preferred: 'timeout',
});

const client: ValueShape = { value: 'Axios' };

export const axios: LibraryModel = {
  library: 'axios',
  packages: [{ name: 'axios' }],
  modules: {
    axios: {
      default: client,
      axios: client,
      Axios: { class: 'Axios' },
      AxiosInstance: { type: 'Axios' },
      AxiosStatic: { type: 'Axios' },
    },
  },
  types: {
    Axios: {
      lacks: ['timeout', 'setTimeout', 'requestTimeout'],
      declaredAs: ['Axios', 'AxiosInstance', 'AxiosStatic'].map((container) => ({ container })),
      members: {
        ...Object.fromEntries(Object.keys(axiosMethods).map((name) => [name, answer])),
        create: { returns: 'Axios' },
      },
      call: { returns: 'Response', promise: true },
    },
    Response: { members: {} },
  },
  acquisitions: [],
  waits: [
    ...Object.entries(axiosMethods).map(([member, index]) => axiosWait({ type: 'Axios', member }, [index])),
    axiosWait({ call: 'Axios' }, [0, 1]),
  ],
  bounds: axiosBounds.slice(0, 1).map((bound) => ({ at: { type: 'Axios', member: 'create' }, ...bound })),
  defaults: [
    {
      at: { type: 'Axios', member: 'create' },
      options: 0,
      reach: 'instance',
      assigned: 'defaults',
      hooks: ['interceptors'],
    },
    { at: { construct: 'Axios' }, options: 0, reach: 'instance', assigned: 'defaults', hooks: ['interceptors'] },
  ],
};
