import { extname } from 'node:path';
import { main } from '../../../server/cli/main.ts';

const workerUrl = new URL(`./fakeWorker${extname(import.meta.url)}`, import.meta.url);
await main(process.argv.slice(2), workerUrl, async () => {});
