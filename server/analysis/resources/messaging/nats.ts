import type { LibraryModel, ModuleShape } from '../model.ts';

const exports: ModuleShape = {
  connect: { returns: 'NatsConnection', promise: true },
  NatsConnection: { type: 'NatsConnection' },
  Subscription: { type: 'Subscription' },
};

export const nats: LibraryModel = {
  library: 'nats',
  packages: [{ name: 'nats' }, { name: '@nats-io/transport-node' }, { name: '@nats-io/nats-core' }],
  modules: { nats: exports, '@nats-io/transport-node': exports },
  types: {
    NatsConnection: { members: { subscribe: { returns: 'Subscription' } } },
    Subscription: { declaredAs: [{ container: 'Subscription' }, { container: 'Sub' }], members: {} },
  },
  acquisitions: [
    {
      at: { module: 'nats', export: 'connect' },
      yields: [{ via: 'promise' }],
      resource: 'NatsConnection',
      duty: 'handle',
      kind: 'connection',
      discharges: [
        { by: 'method', name: 'drain', promise: true },
        { by: 'method', name: 'close', promise: true },
        // Whoever waits for its end, or subscribes on it, keeps it.
        { by: 'method', name: 'closed', stays: true },
        { by: 'method', name: 'subscribe', stays: true },
      ],
      preferred: { by: 'method', name: 'drain', promise: true },
      disposal: [{ versions: '>=3.4.0', disposal: 'async' }],
      consequence: 'it stays open and reconnects for ever',
    },
    {
      at: { type: 'NatsConnection', member: 'subscribe' },
      yields: [{ via: 'value' }],
      resource: 'Subscription',
      onlyIfReleased: ['unsubscribe', 'drain'],
      duty: 'handle',
      kind: 'subscription',
      discharges: [
        { by: 'method', name: 'unsubscribe' },
        { by: 'method', name: 'drain', promise: true },
        { by: 'iteration' },
        { by: 'acquirerClose', name: 'close' },
        { by: 'acquirerClose', name: 'drain' },
      ],
      preferred: { by: 'method', name: 'unsubscribe' },
      disposal: [{ versions: '>=3.4.0', disposal: 'async' }],
      consequence: 'messages go on arriving and pile up for it',
    },
  ],
};
