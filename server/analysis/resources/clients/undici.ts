import type { Acquisition, LibraryModel } from '../model.ts';
import { undiciWaits } from '../waits/undici.ts';
import { events, methods } from '../words.ts';

/** A response has to be read: undici uses a connection again only when the body before is done with. */
const body: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'BodyReadable',
  duty: 'body',
  kind: 'response body',
  discharges: [
    { by: 'method', name: 'dump', promise: true },
    ...methods('text', 'json', 'arrayBuffer', 'blob', 'bytes', 'formData'),
    ...methods('pipe', 'resume', 'read', 'destroy', 'iterator', 'compose'),
    ...methods('toArray', 'forEach', 'map', 'filter', 'flatMap', 'reduce', 'some', 'every', 'find', 'take', 'drop'),
    ...events('data', 'readable', 'end', 'close'),
    { by: 'iteration' },
    { by: 'property', name: 'body' },
    { by: 'empty', property: 'statusCode', values: [204, 304] },
    { by: 'acquirerClose', name: 'destroy' },
  ],
  preferred: { by: 'method', name: 'dump', promise: true },
  consequence: 'its connection carries no other request until the body is read or cancelled',
};

const dispatchers = ['Agent', 'Client', 'Pool', 'BalancedPool', 'ProxyAgent', 'EnvHttpProxyAgent', 'RetryAgent'];

const answer = { returns: 'ResponseData', promise: true } as const;

export const undici: LibraryModel = {
  library: 'undici',
  packages: [{ name: 'undici' }],
  modules: {
    undici: {
      fetch: { returns: 'Response', promise: true },
      request: answer,
      stream: {},
      pipeline: {},
      setGlobalDispatcher: {},
      Dispatcher: { type: 'Dispatcher' },
      ...Object.fromEntries(dispatchers.map((name) => [name, { class: 'Dispatcher' }])),
    },
  },
  types: {
    Response: { members: { clone: { returns: 'Response' } } },
    ResponseData: { members: { body: { value: 'BodyReadable' } } },
    BodyReadable: { holds: 'connection', breaksOff: 'the server', members: {} },
    Dispatcher: {
      lacks: ['timeout', 'headersTimeout', 'bodyTimeout', 'connectTimeout', 'requestTimeout', 'setTimeout'],
      declaredAs: [...dispatchers, 'Dispatcher'].map((container) => ({ container })),
      members: {
        request: { ...answer, callback: { parameters: { 1: 'ResponseData' } } },
        stream: {},
        pipeline: {},
      },
    },
  },
  acquisitions: [
    {
      at: { module: 'undici', export: 'request' },
      yields: [{ via: 'promise', path: ['body'] }],
      unless: [{ argument: 1, option: 'method', equals: 'HEAD' }],
      ...body,
    },
    {
      at: { type: 'Dispatcher', member: 'request' },
      yields: [{ via: 'promise', path: ['body'] }],
      unless: [{ argument: 0, option: 'method', equals: 'HEAD' }],
      ...body,
    },
    {
      at: { module: 'undici', export: 'fetch' },
      yields: [{ via: 'promise' }],
      unless: [{ argument: 1, option: 'method', equals: 'HEAD' }],
      ...body,
      resource: 'Response',
      collected: true,
      discharges: [
        ...methods('text', 'json', 'arrayBuffer', 'blob', 'bytes', 'formData'),
        { by: 'property', name: 'body' },
        { by: 'empty', property: 'status', values: [204, 304] },
      ],
      preferred: { by: 'property', name: 'body' },
    },
  ],
  ...undiciWaits,
};
