import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

const idleTime = 1_000;

interface Session {
  readonly socket: Socket;
  lastUsed: number;
}

/** Forwards datagrams; every peer has a socket of its own, by which answers find back. */
export class UdpProxy {
  readonly #listener = createSocket('udp4');
  readonly #sessions = new Map<string, Session>();
  readonly #backend: number;

  constructor(backend: number) {
    this.#backend = backend;
  }

  listen(port: number): void {
    this.#listener.on('message', (message, peer) => this.#forward(message, peer));
    this.#listener.bind(port, '127.0.0.1');
  }

  close(): void {
    this.#listener.close();
    for (const { socket } of this.#sessions.values()) socket.close();
    this.#sessions.clear();
  }

  #forward(message: Buffer, peer: RemoteInfo): void {
    const key = `${peer.address}:${peer.port}`;
    let session = this.#sessions.get(key);
    if (!session) {
      session = this.#open(peer);
      this.#sessions.set(key, session);
      if (this.#sessions.size % 100 === 0) this.#closeIdle();
    }
    session.lastUsed = Date.now();
    session.socket.send(message, this.#backend, '127.0.0.1');
  }

  #open(peer: RemoteInfo): Session {
    const socket = createSocket('udp4');
    socket.on('message', (answer) => this.#listener.send(answer, peer.port, peer.address));
    return { socket, lastUsed: Date.now() };
  }

  #closeIdle(): void {
    for (const [key, { socket, lastUsed }] of this.#sessions) {
      if (Date.now() - lastUsed < idleTime) continue;
      socket.close();
      this.#sessions.delete(key);
    }
  }
}
