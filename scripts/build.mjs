// Bundles the entries into dist/. TypeScript stays outside: it is loaded lazily, and the native compiler is a program.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const everywhere = {
  bundle: true,
  platform: 'node',
  // The main file of jsonc-parser is UMD, whose requires cannot be bundled.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
};

/**
 * TypeScript is one CommonJS file of nine megabytes. An `import` reads it three times over, to tell its format and the
 * names that it exports, before it runs; `require` only runs it.
 */
const requireTypeScript = {
  name: 'require-typescript',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^typescript$/ }, () => ({ path: 'typescript', namespace: 'required' }));
    onLoad({ filter: /.*/, namespace: 'required' }, () => ({
      contents: `import { createRequire } from 'node:module'; export default createRequire(import.meta.url)('typescript');`,
    }));
  },
};

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...everywhere,
    entryPoints: { cli: 'server/main/cli.ts', worker: 'server/main/worker.ts', server: 'server/main/lsp.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    external: ['typescript-native'],
    plugins: [requireTypeScript],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }),
  // The extension host loads CommonJS and brings the editor's own module.
  build({
    ...everywhere,
    entryPoints: { client: 'client/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
  }),
]);
