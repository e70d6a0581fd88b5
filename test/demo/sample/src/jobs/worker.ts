import type { PoolClient } from 'pg';
import { lease } from '../db.js';

/** Takes jobs one by one; keeps one client for as long as it runs. */
export class Worker {
  #client: PoolClient | undefined;

  async start(): Promise<void> {
    this.#client = await lease();
    await this.#client.query('listen jobs');
  }

  async next(): Promise<unknown> {
    const client = await lease();
    const { rows } = await client.query('select * from jobs where not done limit 1 for update skip locked');
    switch (rows[0]?.kind) {
      case undefined:
        client.release();
        return undefined;
      case 'paused':
        return undefined;
      default:
        await client.query('update jobs set done = true where id = $1', [rows[0].id]);
        client.release();
        return rows[0];
    }
  }

  stop(): void {
    this.#client?.release();
  }
}
