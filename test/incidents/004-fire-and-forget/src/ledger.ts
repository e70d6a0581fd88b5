import { appendFile } from 'node:fs/promises';

export class Ledger {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async bill(customer: string, request: string, tokens: number): Promise<void> {
    await appendFile(this.#path, `${customer} ${request} ${tokens}\n`);
  }
}
