import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Generation } from './generation.ts';

export class Gateway {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #current: Generation | undefined;
  isOpen = true;

  async listen(port: number): Promise<void> {
    this.#server.requestTimeout = 10_000;
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  use(generation: Generation): void {
    this.#current = generation;
  }

  close(): void {
    this.isOpen = false;
    this.#current?.retire();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const route = this.#current?.route(url);
    response.writeHead(route?.status ?? 404, { 'content-type': 'text/plain' });
    response.end(route?.body ?? 'not found\n');
  }
}
