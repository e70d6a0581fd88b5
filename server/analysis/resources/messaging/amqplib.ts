import type { Acquisition, LibraryModel, TypeShape, ValueShape, Yield } from '../model.ts';
import { emitter, eventual } from '../words.ts';

/** In both interfaces closing the connection closes its channels. */
const connection: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'Connection',
  lifetime: 'application',
  onlyIfReleased: ['close'],
  duty: 'handle',
  kind: 'connection',
  dropsDead: true,
  discharges: [{ by: 'method', name: 'close', promise: true }],
  preferred: { by: 'method', name: 'close', promise: true },
  consequence: 'it stays open, with a heartbeat of its own, until the process ends',
};

const channel: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'Channel',
  duty: 'handle',
  kind: 'channel',
  discharges: [
    { by: 'method', name: 'close', promise: true },
    { by: 'acquirerClose', name: 'close' },
    // A consumer is meant to stay.
    { by: 'method', name: 'consume', stays: true },
  ],
  preferred: { by: 'method', name: 'close', promise: true },
  consequence: 'each channel kept takes one of those the broker allows on the connection (2047 by default)',
};

/** What a broker refuses on a channel closes the channel: there is nothing left to close. */
export const channelOperations = [
  ...['assertQueue', 'checkQueue', 'deleteQueue', 'purgeQueue', 'bindQueue', 'unbindQueue', 'get', 'cancel', 'recover'],
  ...['assertExchange', 'checkExchange', 'deleteExchange', 'bindExchange', 'unbindExchange', 'prefetch'],
] as const;

const creating = ['createChannel', 'createConfirmChannel'] as const;

const promised: ValueShape = { returns: 'Channel', promise: true };
const calledBack: ValueShape = { returns: 'Channel', callback: { parameters: { 1: 'Channel' } } };
const inPromise: readonly Yield[] = [{ via: 'promise' }];
const inCallback: readonly Yield[] = [{ via: 'callback', parameter: 1, error: 0 }];

const types: Readonly<Record<string, TypeShape>> = {
  // The typings of both interfaces use the same names: the callbacks' file has to be asked first.
  'callback.Connection': {
    declaredAs: [{ container: 'Connection', file: 'amqplib/callback_api.d.ts' }],
    members: { ...emitter('callback.Connection'), createChannel: calledBack, createConfirmChannel: calledBack },
  },
  Connection: {
    declaredAs: [{ container: 'ChannelModel' }, { container: 'RecoveringChannelModel' }, { container: 'Connection' }],
    members: { ...emitter('Connection'), createChannel: promised, createConfirmChannel: promised },
  },
  Channel: {
    declaredAs: [{ container: 'Channel' }, { container: 'ConfirmChannel' }],
    members: { ...emitter('Channel'), ...eventual(...channelOperations) },
  },
};

export const amqplib: LibraryModel = {
  library: 'amqplib',
  packages: [{ name: 'amqplib' }],
  modules: {
    amqplib: {
      connect: { returns: 'Connection', promise: true },
      Connection: { type: 'Connection' },
      ChannelModel: { type: 'Connection' },
      Channel: { type: 'Channel' },
      ConfirmChannel: { type: 'Channel' },
    },
    'amqplib/callback_api': {
      connect: { callback: { parameters: { 1: 'callback.Connection' } } },
      Connection: { type: 'callback.Connection' },
      Channel: { type: 'Channel' },
    },
  },
  types,
  acquisitions: [
    { at: { module: 'amqplib', export: 'connect' }, yields: inPromise, ...connection },
    {
      at: { module: 'amqplib/callback_api', export: 'connect' },
      yields: inCallback,
      ...connection,
      resource: 'callback.Connection',
    },
    ...creating.map((member) => ({ at: { type: 'Connection', member }, yields: inPromise, ...channel })),
    ...creating.map((member) => ({ at: { type: 'callback.Connection', member }, yields: inCallback, ...channel })),
  ],
};
