import type { LibraryModel, ModuleShape } from '../model.ts';
import { httpWaits } from '../waits/http.ts';
import { emitter, fluent, methods, node } from '../words.ts';
import { server } from './net.ts';

const exports: ModuleShape = {
  request: { returns: 'ClientRequest', callback: { parameters: { 0: 'Answer' } } },
  get: { returns: 'ClientRequest', callback: { parameters: { 0: 'Answer' } } },
  createServer: { returns: 'Server', callback: { parameters: { 0: 'IncomingMessage', 1: 'ServerResponse' } } },
  Agent: { class: 'Agent' },
  ClientRequest: { type: 'ClientRequest' },
  IncomingMessage: { type: 'IncomingMessage' },
  ServerResponse: { type: 'ServerResponse' },
};

/** Node's HTTP: servers and agents. A request is answered or fails by itself. */
export const http: LibraryModel = {
  library: 'http',
  packages: node,
  modules: {
    http: exports,
    https: exports,
  },
  types: {
    ClientRequest: {
      endsEarly: 'the server',
      members: { ...emitter('ClientRequest'), ...fluent('ClientRequest', 'setTimeout', 'end', 'destroy') },
    },
    IncomingMessage: {
      breaksOff: 'the client',
      members: { ...emitter('IncomingMessage'), ...fluent('IncomingMessage', 'setEncoding') },
    },
    // The answer to a request of one's own; the request of somebody else ends with its own answer.
    Answer: {
      declaredAs: [],
      holds: 'connection',
      breaksOff: 'the server',
      members: { ...emitter('Answer'), ...fluent('Answer', 'setEncoding') },
    },
    ServerResponse: { endsEarly: 'the client', members: emitter('ServerResponse') },
    Server: {
      declaredAs: [
        { container: 'Server', file: '/http.d.ts' },
        { container: 'Server', file: '/https.d.ts' },
      ],
      members: { ...emitter('Server'), ...fluent('Server', 'listen', 'setTimeout', 'ref') },
    },
    Agent: {
      declaredAs: [{ container: 'Agent', file: '/http.d.ts' }],
      members: {},
      // It is one of its `options`.
      lacks: ['timeout', 'setTimeout', 'requestTimeout', 'connectTimeout'],
    },
  },
  acquisitions: [
    { at: { module: 'http', export: 'createServer' }, ...server },
    {
      at: { construct: 'Agent' },
      yields: [{ via: 'value' }],
      when: [{ argument: 0, option: 'keepAlive', equals: true }],
      resource: 'Agent',
      lifetime: 'application',
      duty: 'handle',
      kind: 'agent',
      discharges: methods('destroy'),
      preferred: { by: 'method', name: 'destroy' },
      consequence: 'the sockets that it keeps for later requests stay open, and no later request gets them',
    },
  ],
  ...httpWaits,
};
