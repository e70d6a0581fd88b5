import { createServer } from 'node:http';
import { complete } from './completions.ts';
import { Ledger } from './ledger.ts';

const ledger = new Ledger(process.env.LEDGER ?? 'ledger.txt');

const server = createServer((request, response) => {
  complete(request, response, ledger).catch((error) => {
    console.error(error);
    response.destroy();
  });
});

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log('listening'));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
