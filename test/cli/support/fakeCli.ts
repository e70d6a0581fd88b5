import { extname } from 'node:path';
import { main } from '../../../server/cli/main.ts';

await main(process.argv.slice(2), new URL(`./fakeWorker${extname(import.meta.url)}`, import.meta.url));
