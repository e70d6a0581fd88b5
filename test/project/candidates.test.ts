import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { findCandidates } from '../../server/project/engine/candidates.ts';
import { expand } from '../../server/project/files/expand.ts';
import { SourceStore } from '../../server/project/files/sourceStore.ts';
import { Sandbox } from '../cli/support/run.ts';

describe('candidates', () => {
  it('goes on when a file vanishes between the walk and the reading', async () => {
    const box = new Sandbox().write({ 'a.ts': 'acquire()', 'b.ts': 'acquire()', 'c.ts': 'nothing()' });
    const { files } = expand(['.'], { cwd: box.path, gitIgnore: true, errorOnUnmatched: true });
    rmSync(box.at('a.ts'));
    const failures: string[] = [];
    const unexpected = (): never => assert.fail('not expected');
    const candidates = await findCandidates(files, {
      store: new SourceStore(),
      options: () => ({
        preset: 'recommended',
        rules: {},
        timeoutMs: 1,
        disposal: 'auto',
        models: [],
        packageRoot: '/',
      }),
      matcher: () => (text) => text.includes('acquire'),
      analysis: async () => ({
        check: unexpected,
        invalidate: unexpected,
        resolveFix: unexpected,
        acquiringExports: () => [],
      }),
      cancelled: () => false,
      skipped: unexpected,
      failed: (path, message) => failures.push(`${path}: ${message}`),
      crashed: unexpected,
      progress: () => {},
    });
    box.dispose();
    assert.deepEqual(candidates, [box.at('b.ts')]);
    assert.deepEqual(failures, [`${box.at('a.ts')}: no such file or directory (ENOENT)`]);
  });

  it('asks who acquires for others even where no file was rejected', async () => {
    const box = new Sandbox().write({ 'a.ts': 'acquire()', 'b.ts': 'acquire()' });
    const { files } = expand(['.'], { cwd: box.path, gitIgnore: true, errorOnUnmatched: true });
    const asked: string[] = [];
    const unexpected = (): never => assert.fail('not expected');
    await findCandidates(files, {
      store: new SourceStore(),
      options: () => ({
        preset: 'recommended',
        rules: {},
        timeoutMs: 1,
        disposal: 'auto',
        models: [],
        packageRoot: '/',
      }),
      matcher: () => () => true,
      analysis: async () => ({
        check: unexpected,
        invalidate: unexpected,
        resolveFix: unexpected,
        acquiringExports: (path) => {
          asked.push(path);
          return [];
        },
      }),
      cancelled: () => false,
      skipped: unexpected,
      failed: unexpected,
      crashed: unexpected,
      progress: () => {},
    });
    box.dispose();
    assert.deepEqual(asked, [box.at('a.ts'), box.at('b.ts')]);
  });
});
