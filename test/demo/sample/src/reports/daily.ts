import { lease, pool } from '../db.js';

export interface Line {
  readonly day: string;
  readonly total: number;
}

export async function daily(): Promise<Line[]> {
  const client = await pool.connect();
  const { rows } = await client.query('select day, sum(total) as total from orders group by day');
  return rows.map(({ day, total }) => ({ day, total: Number(total) }));
}

/** Moves the orders of a day to the archive, and answers how many there were. */
export async function archive(day: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('insert into archive select * from orders where day = $1', [day]);
    const { rowCount } = await client.query('delete from orders where day = $1', [day]);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

export async function* rows(sql: string): AsyncGenerator<Line> {
  const client = await lease();
  try {
    for (let page = 0; ; page++) {
      const { rows } = await client.query(`${sql} limit 100 offset $1`, [page * 100]);
      if (rows.length === 0) return;
      yield* rows;
    }
  } finally {
    client.release();
  }
}
