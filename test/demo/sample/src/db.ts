import { Pool, type PoolClient } from 'pg';

export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** Runs `work` in a transaction. */
export async function transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** A client of one's own; whoever asks for it gives it back. */
export async function lease(): Promise<PoolClient> {
  return pool.connect();
}

/** A client with a transaction under way; whoever asks for it ends both. */
export async function begin(): Promise<PoolClient> {
  const client = await pool.connect();
  await client.query('begin');
  return client;
}
