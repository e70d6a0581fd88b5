import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { requestTimeout, type Upstream } from './upstream.ts';

/** Asks a node over HTTP. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #upstream: Upstream;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
    // Not every version has it.
    if ('timeout' in this.#agent) this.#agent.timeout = requestTimeout;
  }

  slot(): Promise<number> {
    const { host, port } = this.#upstream;
    return new Promise((resolve, reject) => {
      const asked = request({ host, port, path: '/slot', agent: this.#agent }, (response) => {
        json(response).then((answer) => resolve((answer as { slot: number }).slot), reject);
      });
      asked.once('error', reject);
      asked.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
