import type { LibraryModel } from '../model.ts';
import { axiosBounds, axiosMethods, axiosWait } from './axios.ts';

/** Nest's service around axios. The module that provides it can give all its requests a timeout. */
export const nestAxios: LibraryModel = {
  library: '@nestjs/axios',
  packages: [{ name: '@nestjs/axios' }],
  modules: { '@nestjs/axios': { HttpService: { class: 'HttpService' }, HttpModule: { value: 'HttpModule' } } },
  types: {
    HttpService: {
      members: Object.fromEntries(Object.keys(axiosMethods).map((name) => [name, { returns: 'Observable' }])),
    },
    HttpModule: { declaredAs: [], members: { register: {}, registerAsync: {} } },
    Observable: { declaredAs: [], members: {} },
  },
  acquisitions: [],
  waits: Object.entries(axiosMethods).map(([member, index]) => ({
    ...axiosWait({ type: 'HttpService', member }, [index]),
    value: {
      awaited: true,
      operators: {
        method: 'pipe',
        bounding: ['timeout', 'timeoutWith', 'takeUntil', 'takeUntilDestroyed', 'raceWith'],
      },
      ends: ['unsubscribe'],
    },
  })),
  bounds: axiosBounds.slice(0, 1).map((bound) => ({ at: { type: 'HttpModule', member: 'register' }, ...bound })),
  defaults: [
    { at: { type: 'HttpModule', member: 'register' }, options: 0, reach: 'process' },
    { at: { type: 'HttpModule', member: 'registerAsync' }, options: 0, reach: 'process' },
  ],
};
