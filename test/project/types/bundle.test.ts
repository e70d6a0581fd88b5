import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createFixture } from './support.ts';

const output = fileURLToPath(new URL('../../../', import.meta.url));

describe('the bundled type tier', () => {
  // The import's own name stands at offset 9.
  it('finds both compilers', async () => {
    // Inside the repository, because the compilers stay outside the bundle and are found from where it lies.
    mkdirSync(output, { recursive: true });
    const directory = mkdtempSync(join(output, 'bundle-'));
    const fixture = createFixture({ 'main.ts': `import { Pool } from 'pg'; new Pool();` });
    try {
      const bundle = join(directory, 'tier.mjs');
      await build({
        stdin: {
          contents: `import { createTypeTier } from './server/project/types/tier.js';
            for (const executable of [undefined, null]) {
              const tier = createTypeTier({ executable });
              const [fact] = tier.facts(process.argv[2], [{ position: 9, aspects: [] }]);
              console.log(tier.backend, fact.declaration?.package, tier.problems().length);
              tier.close();
            }`,
          resolveDir: output,
        },
        outfile: bundle,
        bundle: true,
        format: 'esm',
        platform: 'node',
        mainFields: ['module', 'main'],
        external: ['typescript', 'typescript-native'],
      });
      const printed = execFileSync(process.execPath, [bundle, fixture.path('main.ts')], { encoding: 'utf8' });
      assert.deepEqual(printed.trim().split('\n'), ['native pg 0', 'typescript6 pg 0']);
    } finally {
      fixture.remove();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
