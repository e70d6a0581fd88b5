import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { activeConnections } from './gauge.ts';

/** Connections to backends, kept open by host for the next client. */
export class BackendPool {
  readonly #free = new Map<string, Socket[]>();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async get(host: string): Promise<Socket> {
    activeConnections.inc();
    const free = this.#free.get(host)?.pop();
    if (free) return free;
    const socket = connect(this.#port, host);
    socket.setTimeout(30_000, () => socket.destroy(new Error('the backend is silent')));
    await once(socket, 'connect');
    return socket;
  }

  close(): void {
    for (const sockets of this.#free.values()) for (const socket of sockets) socket.destroy();
  }

  private returnToPool(host: string, socket: Socket): void {
    activeConnections.dec();
    const free = this.#free.get(host) ?? [];
    this.#free.set(host, free);
    free.push(socket);
  }
}
