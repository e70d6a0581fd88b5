#!/usr/bin/env node
import { extname } from 'node:path';
import { startServer } from '../lsp/server.ts';

// The bundles end in .mjs, the compiled sources in .js; the worker lies beside this file in both.
startServer(new URL(`./worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url));
