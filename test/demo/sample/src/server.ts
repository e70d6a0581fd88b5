import { createServer } from 'node:http';
import { pool } from './db.js';
import { changeOrder, health, showOrder, showReport } from './handlers.js';

const routes = new Map([
  ['/health', health],
  ['/order', changeOrder],
  ['/report', showReport],
]);

/** Fails early when the database is not there. */
async function start(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
  } finally {
    client.release();
  }
  createServer((request, response) => {
    const handler = routes.get(request.url ?? '') ?? showOrder;
    handler(request, response).catch(() => response.writeHead(500).end());
  }).listen(8080);
}

await start();
