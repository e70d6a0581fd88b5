// Bundles the entries into dist/. TypeScript stays outside: it is loaded lazily, and the native compiler is a program.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'server/main/cli.ts', worker: 'server/main/worker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  // The main file of jsonc-parser is UMD, whose requires cannot be bundled.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  sourcemap: true,
  external: ['typescript', 'typescript-native'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
