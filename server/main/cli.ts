#!/usr/bin/env node
import { extname } from 'node:path';
import { main } from '../cli/main.ts';

// The bundles end in .mjs, the compiled sources in .js; the worker lies beside this file in both.
const workerUrl = new URL(`./worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
await main(process.argv.slice(2), workerUrl, async () => {
  const { startServer } = await import('../lsp/server.ts');
  startServer(workerUrl);
});
