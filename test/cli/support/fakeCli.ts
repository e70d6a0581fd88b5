import { main } from '../../../server/cli/main.ts';

await main(process.argv.slice(2), new URL('./fakeWorker.js', import.meta.url));
