import type { LibraryModel, ModuleShape } from '../model.ts';
import { webSocketWaits } from '../waits/ws.ts';
import { emitter, events, methods } from '../words.ts';

const exports: ModuleShape = {
  default: { class: 'WebSocket' },
  WebSocket: { class: 'WebSocket' },
  Server: { class: 'WebSocketServer' },
  WebSocketServer: { class: 'WebSocketServer' },
};

export const ws: LibraryModel = {
  library: 'ws',
  packages: [{ name: 'ws' }, { name: 'isomorphic-ws' }],
  modules: {
    ws: exports,
    // It is `ws` in Node.
    'isomorphic-ws': exports,
  },
  types: {
    WebSocket: {
      lacks: ['timeout', 'handshakeTimeout', 'setTimeout'],
      members: { ...emitter('WebSocket'), Server: { class: 'WebSocketServer' } },
    },
    WebSocketServer: {
      declaredAs: [{ container: 'WebSocketServer' }, { container: 'Server' }],
      members: emitter('WebSocketServer'),
    },
  },
  acquisitions: [
    {
      at: { construct: 'WebSocket' },
      yields: [{ via: 'value' }],
      resource: 'WebSocket',
      onlyIfReleased: ['close', 'terminate'],
      duty: 'handle',
      kind: 'web socket',
      discharges: [...methods('close', 'terminate'), ...events('close')],
      preferred: { by: 'method', name: 'close' },
      consequence: 'the connection stays open, here and at the server, until one of the two closes it',
    },
    {
      at: { construct: 'WebSocketServer' },
      yields: [{ via: 'value' }],
      resource: 'WebSocketServer',
      lifetime: 'application',
      onlyIfReleased: ['close'],
      duty: 'handle',
      kind: 'web socket server',
      discharges: methods('close'),
      preferred: { by: 'method', name: 'close' },
      consequence: 'it goes on listening, and its clients stay connected',
    },
  ],
  ...webSocketWaits,
};
