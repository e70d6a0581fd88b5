import type { Acquisition, LibraryModel, ModuleShape } from '../model.ts';
import { socketWaits } from '../waits/net.ts';
import { emitter, events, fluent, methods, node } from '../words.ts';

const socketMembers = {
  ...emitter('Socket'),
  ...fluent('Socket', 'setEncoding', 'setTimeout', 'setNoDelay', 'setKeepAlive', 'pause', 'ref', 'connect'),
};

const exports: ModuleShape = {
  connect: { returns: 'Socket' },
  createConnection: { returns: 'Socket' },
  createServer: { returns: 'Server', callback: { parameters: { 0: 'Socket' } } },
  Socket: { class: 'Socket', callable: true },
  Server: { class: 'Server' },
};

const tls: ModuleShape = {
  connect: { returns: 'TLSSocket' },
  createServer: { returns: 'TLSServer', callback: { parameters: { 0: 'TLSSocket' } } },
  TLSSocket: { class: 'TLSSocket' },
  Server: { class: 'TLSServer' },
};

/** Both ends can end a connection, and most code leaves that to the other one. */
const socket: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  resource: 'Socket',
  onlyIfReleased: ['end', 'destroy', 'destroySoon'],
  duty: 'handle',
  kind: 'socket',
  discharges: [...methods('destroy', 'end', 'destroySoon', 'unref'), ...events('close', 'end'), { by: 'iteration' }],
  preferred: { by: 'method', name: 'destroy' },
  consequence: 'the connection stays open, here and at the other end, until one of the two ends it',
};

/** What listens, whatever it speaks: Node's servers of HTTP are servers of TCP, too. */
export const server: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  opens: ['listen'],
  resource: 'Server',
  lifetime: 'application',
  onlyIfReleased: ['close'],
  duty: 'handle',
  kind: 'server',
  discharges: methods('close', 'unref'),
  preferred: { by: 'method', name: 'close' },
  disposal: [{ versions: '>=20.5.0', disposal: 'async' }],
  consequence: 'it goes on listening: the port stays taken and the process alive',
};

const datagram: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [{ argument: 0, option: 'signal' }],
  resource: 'DatagramSocket',
  lifetime: 'application',
  onlyIfReleased: ['close'],
  duty: 'handle',
  kind: 'datagram socket',
  discharges: [...methods('close', 'unref'), ...events('close')],
  preferred: { by: 'method', name: 'close' },
  disposal: [{ versions: '>=20.5.0', disposal: 'async' }],
  consequence: 'its port stays taken and the process alive',
};

/** Node's sockets, and servers for them. */
export const net: LibraryModel = {
  library: 'net',
  packages: node,
  modules: { net: exports, tls, dgram: { createSocket: { returns: 'DatagramSocket' } } },
  types: {
    Socket: {
      declaredAs: [{ container: 'Socket', file: '/net.d.ts' }],
      holds: 'connection',
      endsEarly: 'the other end',
      members: socketMembers,
    },
    TLSSocket: { declaredAs: [{ container: 'TLSSocket' }], extends: 'Socket', members: {} },
    Server: {
      declaredAs: [{ container: 'Server', file: '/net.d.ts' }],
      members: { ...emitter('Server'), ...fluent('Server', 'listen', 'ref') },
    },
    TLSServer: { declaredAs: [{ container: 'Server', file: '/tls.d.ts' }], extends: 'Server', members: {} },
    DatagramSocket: {
      declaredAs: [{ container: 'Socket', file: '/dgram.d.ts' }],
      members: { ...emitter('DatagramSocket'), ...fluent('DatagramSocket', 'bind', 'ref') },
    },
  },
  acquisitions: [
    { at: { module: 'net', export: 'connect' }, ...socket },
    { at: { module: 'net', export: 'createConnection' }, ...socket },
    { at: { module: 'tls', export: 'connect' }, ...socket },
    { at: { construct: 'Socket' }, ...socket, opens: ['connect'] },
    { at: { module: 'net', export: 'createServer' }, ...server },
    { at: { module: 'tls', export: 'createServer' }, ...server },
    { at: { module: 'dgram', export: 'createSocket' }, ...datagram },
  ],
  ...socketWaits,
};
