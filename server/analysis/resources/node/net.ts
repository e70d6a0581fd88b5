import type { LibraryModel } from '../model.ts';
import { socketWaits } from '../waits/net.ts';

export const net: LibraryModel = {
  library: 'net',
  packages: [{ name: 'node' }],
  modules: {
    net: {
      connect: { returns: 'Socket' },
      createConnection: { returns: 'Socket' },
      Socket: { class: 'Socket', callable: true },
      createServer: { returns: 'Server', callback: { parameters: { 0: 'Socket' } } },
      Server: { class: 'Server' },
    },
    tls: {
      connect: { returns: 'TLSSocket' },
      TLSSocket: { class: 'TLSSocket' },
      createServer: { returns: 'Server', callback: { parameters: { 0: 'TLSSocket' } } },
    },
  },
  types: {
    Socket: {
      declaredAs: [{ container: 'Socket', file: '/net.d.ts' }],
      members: {
        connect: { returns: 'Socket' },
        on: { returns: 'Socket' },
        once: { returns: 'Socket' },
        setTimeout: { returns: 'Socket' },
      },
    },
    TLSSocket: { extends: 'Socket', members: {} },
    Server: { declaredAs: [{ container: 'Server', file: '/net.d.ts' }], members: {} },
  },
  acquisitions: [],
  ...socketWaits,
};
