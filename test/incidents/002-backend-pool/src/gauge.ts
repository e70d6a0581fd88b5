/** How many of something there are right now. */
export class Gauge {
  readonly name: string;
  #value = 0;

  constructor(name: string) {
    this.name = name;
  }

  get value(): number {
    return this.#value;
  }

  inc(): void {
    this.#value += 1;
  }

  dec(): void {
    this.#value -= 1;
  }

  toString(): string {
    return `${this.name} ${this.#value}\n`;
  }
}

export const activeConnections = new Gauge('proxy_pool_active_connections');
