import { startServer } from '../../../server/lsp/server.ts';

startServer(new URL('./breakableWorker.js', import.meta.url));
