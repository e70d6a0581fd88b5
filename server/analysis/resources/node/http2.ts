import type { LibraryModel } from '../model.ts';
import { http2Waits } from '../waits/http2.ts';
import { emitter, events, fluent, methods, node } from '../words.ts';
import { server } from './net.ts';

export const http2: LibraryModel = {
  library: 'http2',
  packages: node,
  modules: {
    http2: {
      connect: { returns: 'ClientHttp2Session' },
      createServer: { returns: 'Server' },
      createSecureServer: { returns: 'Server' },
    },
  },
  types: {
    ClientHttp2Session: {
      members: { ...emitter('ClientHttp2Session'), request: { returns: 'ClientHttp2Stream' } },
    },
    ClientHttp2Stream: { members: {} },
    Server: {
      declaredAs: [{ container: 'Http2Server' }, { container: 'Http2SecureServer' }],
      members: { ...emitter('Server'), ...fluent('Server', 'listen', 'setTimeout', 'ref') },
    },
  },
  acquisitions: [
    { at: { module: 'http2', export: 'createServer' }, ...server },
    { at: { module: 'http2', export: 'createSecureServer' }, ...server },
    {
      at: { module: 'http2', export: 'connect' },
      yields: [{ via: 'value' }],
      resource: 'ClientHttp2Session',
      duty: 'handle',
      kind: 'session over HTTP/2',
      discharges: [...methods('close', 'destroy', 'unref'), ...events('close')],
      preferred: { by: 'method', name: 'close' },
      consequence: 'a session has no idle limit: its connection stays open as long as the server lets it',
    },
  ],
  ...http2Waits,
};
