import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { countRequest } from './accounts.ts';
import type { BackendPool } from './backendPool.ts';
import { activeConnections } from './gauge.ts';
import { ask } from './lines.ts';

/** `/account/host/words`: the words go to the host in the name of the account. */
export function createProxy(backends: BackendPool): Server {
  const server = createServer((request, response) => {
    forward(backends, request, response).catch((error) => {
      response.writeHead(502);
      response.end(`${error.message}\n`);
    });
  });
  server.requestTimeout = 10_000;
  return server;
}

async function forward(backends: BackendPool, { url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url === '/metrics') {
    response.end(String(activeConnections));
    return;
  }
  const [, name = '', host = '', words = ''] = url.split('/');
  const account = await countRequest(name);
  if (!account) {
    response.writeHead(403);
    response.end('unknown account\n');
    return;
  }
  const backend = await backends.get(host);
  const answer = await ask(backend, words);
  response.end(`${answer} (${account.requests})\n`);
}
