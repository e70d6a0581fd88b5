// Writes media/leakproof.schema.json from the one description of the configuration. Runs after the rule catalogue,
// whose ids the schema lists.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const directory = await mkdtemp(resolve('node_modules/.leakproof-'));
try {
  const outfile = join(directory, 'schema.mjs');
  await build({
    entryPoints: ['server/project/config/publishedSchema.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  const { publishedSchema } = await import(pathToFileURL(outfile).href);
  await writeFile('media/leakproof.schema.json', publishedSchema());
} finally {
  await rm(directory, { recursive: true, force: true });
}
