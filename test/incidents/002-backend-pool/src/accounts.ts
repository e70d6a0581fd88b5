import { Pool } from 'pg';

const pool = new Pool({ max: 10 });

export interface Account {
  readonly name: string;
  readonly requests: number;
}

/** Counts a request for an account; `undefined` when there is no such account. */
export async function countRequest(name: string): Promise<Account | undefined> {
  const client = await pool.connect();
  const { rows } = await client.query<Account>(
    'update accounts set requests = requests + 1 where name = $1 returning name, requests',
    [name],
  );
  if (rows.length === 0) return undefined;
  client.release();
  return rows[0];
}

export async function closeAccounts(): Promise<void> {
  await pool.end();
}
