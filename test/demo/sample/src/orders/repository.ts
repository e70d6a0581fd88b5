import type { Pool, PoolClient } from 'pg';

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly total: number;
}

export class Orders {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async find(id: string): Promise<Order | undefined> {
    const client = await this.#pool.connect();
    const { rows } = await client.query('select * from orders where id = $1', [id]);
    if (rows.length === 0) {
      return undefined;
    }
    client.release();
    return rows[0];
  }

  async ofCustomer(customer: string): Promise<Order[]> {
    const client = await this.#pool.connect();
    try {
      const { rows } = await client.query('select * from orders where customer = $1', [customer]);
      return rows;
    } finally {
      client.release();
    }
  }

  async place(order: Order): Promise<void> {
    const client = await this.#pool.connect();
    await client.query('begin');
    try {
      await client.query('insert into orders values ($1, $2, $3)', [order.id, order.customer, order.total]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  async cancel(id: string): Promise<void> {
    const client = await this.#pool.connect();
    await client.query('update orders set cancelled = now() where id = $1', [id]);
    await notify(client, id);
    client.release();
  }
}

async function notify(client: PoolClient, id: string): Promise<void> {
  await client.query(`select pg_notify('orders', $1)`, [id]);
}
