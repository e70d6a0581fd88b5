import type { Config, Route } from './config.ts';

/** What one configuration says, until the next one takes its place. */
export class Generation {
  readonly retired: Promise<void>;
  readonly #config: Config;
  #retire: () => void = () => {};

  constructor(config: Config) {
    this.#config = config;
    this.retired = new Promise((resolve) => {
      this.#retire = resolve;
    });
  }

  get size(): number {
    return this.#config.routes.length;
  }

  route(url: string): Route | undefined {
    return this.#config.routes.find(({ prefix }) => url.startsWith(prefix));
  }

  retire(): void {
    this.#retire();
  }
}
