import { closeAccounts } from './accounts.ts';
import { BackendPool } from './backendPool.ts';
import { createProxy } from './httpProxy.ts';
import { UdpProxy } from './udpProxy.ts';

const port = Number(process.env.PORT ?? 8080);
const backend = Number(process.env.BACKEND_PORT ?? 9090);

const backends = new BackendPool(backend);
const proxy = createProxy(backends);
const datagrams = new UdpProxy(backend);
datagrams.listen(port);
proxy.listen(port, '127.0.0.1', () => console.log('listening'));

process.once('SIGTERM', () => {
  proxy.close();
  proxy.closeAllConnections();
  datagrams.close();
  backends.close();
  closeAccounts().catch((error) => console.error(error));
});
