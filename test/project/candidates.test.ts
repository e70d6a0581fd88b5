import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { findCandidates } from '../../server/project/engine/candidates.ts';
import { expand } from '../../server/project/files/expand.ts';
import { SourceStore } from '../../server/project/files/sourceStore.ts';
import { Sandbox } from '../cli/support/run.ts';

type Search = Parameters<typeof findCandidates>[1];

const unexpected = (): never => assert.fail('not expected');

/** Looks for the candidates among all files of a directory, once `meanwhile` has happened. */
async function candidatesIn(
  box: Sandbox,
  parts: Partial<Search> & { readonly asked?: (path: string) => void },
  meanwhile = () => {},
): Promise<readonly string[]> {
  const { files } = expand(['.'], { cwd: box.path, gitIgnore: true, errorOnUnmatched: true });
  meanwhile();
  return await findCandidates(files, {
    store: new SourceStore(),
    options: () => ({
      preset: 'recommended',
      rules: {},
      timeoutMs: 1,
      disposal: 'auto',
      models: [],
      packageRoot: '/',
    }),
    matches: () => true,
    analysis: async () => ({
      check: unexpected,
      invalidate: unexpected,
      isRedeclared: unexpected,
      resolveFix: unexpected,
      acquiringExports: (path) => {
        parts.asked?.(path);
        return [];
      },
    }),
    cancelled: () => false,
    skipped: unexpected,
    failed: unexpected,
    crashed: unexpected,
    progress: () => {},
    ...parts,
  });
}

describe('candidates', () => {
  it('goes on when a file vanishes between the walk and the reading', async () => {
    const box = new Sandbox().write({ 'a.ts': 'acquire()', 'b.ts': 'acquire()', 'c.ts': 'nothing()' });
    const failures: string[] = [];
    const parts: Partial<Search> = {
      matches: (text) => text.includes('acquire'),
      failed: (path, message) => failures.push(`${path}: ${message}`),
    };
    const candidates = await candidatesIn(box, parts, () => rmSync(box.at('a.ts')));
    box.dispose();
    assert.deepEqual(candidates, [box.at('b.ts')]);
    assert.deepEqual(failures, [`${box.at('a.ts')}: no such file or directory (ENOENT)`]);
  });

  it('asks who acquires for others even where no file was rejected', async () => {
    const box = new Sandbox().write({ 'a.ts': 'acquire()', 'b.ts': 'acquire()' });
    const asked: string[] = [];
    await candidatesIn(box, { asked: (path) => asked.push(path) });
    box.dispose();
    assert.deepEqual(asked, [box.at('a.ts'), box.at('b.ts')]);
  });
});
