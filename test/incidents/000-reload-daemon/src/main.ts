import { Gateway } from './gateway.ts';
import { serveGenerations } from './reloads.ts';

const gateway = new Gateway();
process.once('SIGTERM', () => gateway.close());

await gateway.listen(Number(process.env.PORT ?? 8080));
await serveGenerations(gateway, process.env.GATEWAY_CONFIG ?? 'gateway.json').catch((error) => {
  console.error('routes are not reloaded any more:', error);
});
