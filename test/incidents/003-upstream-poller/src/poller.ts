import { HttpClient } from './httpClient.ts';
import { askSlot } from './lineClient.ts';
import { requestTimeout, type Upstream } from './upstream.ts';

const interval = 250;

/** Keeps the newest slot of each node. */
export class Poller {
  readonly slots = new Map<string, number>();
  readonly #upstreams: readonly Upstream[];
  #timer: NodeJS.Timeout | undefined;

  constructor(upstreams: readonly Upstream[]) {
    this.#upstreams = upstreams;
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (const upstream of this.#upstreams) {
        this.#poll(upstream).catch((error) => console.warn(`${upstream.name}: ${error.message}`));
      }
    }, interval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #poll(upstream: Upstream): Promise<void> {
    const slot = await Promise.race([slotOf(upstream), timeout(requestTimeout)]);
    this.slots.set(upstream.name, slot);
  }
}

async function slotOf(upstream: Upstream): Promise<number> {
  if (upstream.protocol === 'line') return askSlot(upstream);
  const client = new HttpClient(upstream);
  const slot = await client.slot();
  client.close();
  return slot;
}

function timeout(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`timed out after ${ms} ms, abandoned`)), ms);
  });
}
