import type { IncomingMessage, ServerResponse } from 'node:http';
import { pool } from './db.js';
import { Orders } from './orders/repository.js';
import { daily } from './reports/daily.js';

const orders = new Orders(pool);

export async function showOrder(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const order = await orders.find(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
  response.writeHead(order ? 200 : 404).end(JSON.stringify(order ?? null));
}

export async function showReport(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200).end(JSON.stringify(await daily()));
}

export async function health(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await pool.query('select 1');
    response.writeHead(204).end();
  } catch {
    response.writeHead(503).end();
  }
}

export async function changeOrder(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams: asked } = new URL(request.url ?? '/', 'http://localhost');
  const id = asked.get('id') ?? '';
  if (request.method === 'DELETE') await orders.cancel(id);
  else await orders.place({ id, customer: asked.get('customer') ?? '', total: Number(asked.get('total')) });
  response.writeHead(204).end();
}
