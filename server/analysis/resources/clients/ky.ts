import type { LibraryModel, ValueShape } from '../model.ts';

const methods = ['get', 'post', 'put', 'patch', 'head', 'delete'];
const answer: ValueShape = { returns: 'Response', promise: true };
const client: ValueShape = { value: 'Ky' };

/** Ten seconds unless it is told otherwise. */
const limit = { option: 'timeout', phase: 'total', unit: 'ms', default: 10_000, disabledBy: [false] } as const;

export const ky: LibraryModel = {
  library: 'ky',
  packages: [{ name: 'ky' }],
  modules: { ky: { default: client, ky: client, KyInstance: { type: 'Ky' } } },
  types: {
    Ky: {
      declaredAs: [{ container: 'KyInstance' }],
      members: {
        ...Object.fromEntries(methods.map((name) => [name, answer])),
        create: { returns: 'Ky' },
        extend: { returns: 'Ky' },
      },
      call: answer,
    },
    Response: { members: {} },
  },
  acquisitions: [],
  bounds: [
    { at: { call: 'Ky' }, ...limit },
    ...[...methods, 'create', 'extend'].map((member) => ({ at: { type: 'Ky', member }, ...limit })),
  ],
};
