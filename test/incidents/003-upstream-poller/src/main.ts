import { createServer } from 'node:http';
import { Poller } from './poller.ts';
import type { Upstream } from './upstream.ts';

const upstreams: readonly Upstream[] = JSON.parse(process.env.UPSTREAMS ?? '[]');
const poller = new Poller(upstreams);
poller.start();

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(Object.fromEntries(poller.slots)));
});
server.requestTimeout = 10_000;
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log('listening'));

process.once('SIGTERM', () => {
  poller.stop();
  server.close();
  server.closeAllConnections();
});
