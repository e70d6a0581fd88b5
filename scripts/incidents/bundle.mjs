// Programs of the incidents are TypeScript that Node 20 does not run by itself: they are bundled before each start.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Makes one file of a program; packages stay outside. Returns its path. */
export async function bundle(directory, { entry = 'src/main.ts', outfile = join(directory, 'dist/main.mjs') } = {}) {
  await build({
    absWorkingDir: directory,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
