import { startServer } from '../../../server/lsp/server.ts';

// The server over an analysis whose findings and fixes the test decides.
startServer(new URL('../../cli/support/fakeWorker.js', import.meta.url));
