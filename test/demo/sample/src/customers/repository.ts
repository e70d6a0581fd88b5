import type { PoolClient } from 'pg';
import { lease, pool, transaction } from '../db.js';

export async function rename(id: string, name: string): Promise<void> {
  await transaction(async (client) => {
    await client.query('update customers set name = $1 where id = $2', [name, id]);
  });
}

export async function merge(ids: readonly string[], into: string): Promise<number> {
  let merged = 0;
  for (const id of ids) {
    const client = await lease();
    const { rowCount } = await client.query('update orders set customer = $1 where customer = $2', [into, id]);
    if (rowCount === 0) continue;
    merged++;
    client.release();
  }
  return merged;
}

/** Uses the caller's client, if there is one. */
export async function exists(id: string, given?: PoolClient): Promise<boolean> {
  const client = given ?? (await pool.connect());
  try {
    const { rowCount } = await client.query('select 1 from customers where id = $1', [id]);
    return rowCount === 1;
  } finally {
    if (!given) client.release();
  }
}
