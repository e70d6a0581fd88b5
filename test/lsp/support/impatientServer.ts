import { startServer } from '../../../server/lsp/server.ts';

// Waits for its compiler no longer than a test can.
startServer(new URL('../../../server/main/worker.js', import.meta.url), { opening: 8_000, question: 3_000 });
