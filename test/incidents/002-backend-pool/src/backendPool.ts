import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { activeConnections } from './gauge.ts';

/** Connections to the backend, kept open for the next client. */
export class BackendPool {
  readonly #free: Socket[] = [];
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async get(): Promise<Socket> {
    activeConnections.inc();
    const free = this.#free.pop();
    if (free) return free;
    const socket = connect(this.#port, '127.0.0.1');
    socket.setTimeout(30_000, () => socket.destroy(new Error('the backend is silent')));
    await once(socket, 'connect');
    return socket;
  }

  close(): void {
    for (const socket of this.#free) socket.destroy();
  }

  private returnToPool(socket: Socket): void {
    activeConnections.dec();
    this.#free.push(socket);
  }
}
