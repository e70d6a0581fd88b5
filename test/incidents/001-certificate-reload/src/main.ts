import { reloadOnHangup, startServer } from './server.ts';

const directory = process.env.CERTIFICATES ?? 'certificates';

const server = startServer(directory);
reloadOnHangup(server, directory);
server.listen(Number(process.env.PORT ?? 8443), '127.0.0.1', () => console.log('listening'));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
