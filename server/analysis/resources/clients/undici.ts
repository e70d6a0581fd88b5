import type { LibraryModel, ModuleShape, ValueShape } from '../model.ts';
import { undiciWaits } from '../waits/undici.ts';

const dispatchers = ['Agent', 'Client', 'Pool', 'BalancedPool', 'ProxyAgent', 'EnvHttpProxyAgent', 'RetryAgent'];

const answer: ValueShape = { returns: 'ResponseData', promise: true };
const exports: ModuleShape = {
  fetch: { returns: 'Response', promise: true },
  request: answer,
  stream: {},
  pipeline: {},
  setGlobalDispatcher: {},
  ...Object.fromEntries(dispatchers.map((name) => [name, { class: 'Dispatcher' }])),
};

export const undici: LibraryModel = {
  library: 'undici',
  packages: [{ name: 'undici' }],
  modules: { undici: exports },
  types: {
    Response: { members: {} },
    ResponseData: { members: {} },
    Dispatcher: {
      declaredAs: [...dispatchers, 'Dispatcher'].map((container) => ({ container })),
      members: { request: answer, stream: {}, pipeline: {} },
    },
  },
  acquisitions: [],
  ...undiciWaits,
};
