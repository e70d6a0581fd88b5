import assert from 'node:assert/strict';
import { createAnalysis } from '../../server/analysis/check.ts';
import { analyse, recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';
import { outline } from '../support/runCase.ts';

/** Functions of three files that hand a client round in a circle; only `c` releases, and only `a` acquires. */
const files: Readonly<Record<string, string>> = {
  'a.ts': `
    import { Pool, type PoolClient } from 'pg';
    import { viaB } from './b.ts';
    const pool = new Pool();
    export async function open(): Promise<PoolClient> { return pool.connect(); }
    export async function start(): Promise<void> {
      const client = await open();
      await viaB(client, 3);
    }
    export async function viaA(client: PoolClient, depth: number): Promise<void> { await viaB(client, depth - 1); }
    export async function leak(): Promise<void> {
      const client = await open();
      await client.query('select 1');
    }
  `,
  'b.ts': `
    import type { PoolClient } from 'pg';
    import { viaC } from './c.ts';
    export async function viaB(client: PoolClient, depth: number): Promise<void> { await viaC(client, depth); }
  `,
  'c.ts': `
    import type { PoolClient } from 'pg';
    import { viaA, open } from './a.ts';
    export async function viaC(client: PoolClient, depth: number): Promise<void> {
      if (depth > 0) return viaA(client, depth);
      client.release();
    }
    export async function other(): Promise<void> {
      const client = await open();
      await viaA(client, 1);
    }
    export async function leakToo(): Promise<void> {
      const client = await open();
      await client.query('select 1');
    }
  `,
};

const paths = Object.keys(files).map((name) => `${root}/${name}`);
const hostOf = (): MemoryHost => new MemoryHost(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text]));

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describe('results of functions that call each other across files', () => {
  const expected = analyse(hostOf(), paths).results;
  const lines = (path: string): readonly (number | undefined)[] =>
    expected
      .get(path)
      ?.findings.map((f) => files[path.slice(root.length + 1)]?.slice(0, f.span.start).split('\n').length) ?? [];

  it('are what reading tells', () => {
    assert.deepEqual(lines(`${root}/a.ts`), [12]);
    assert.deepEqual(lines(`${root}/b.ts`), []);
    assert.deepEqual(lines(`${root}/c.ts`), [13]);
  });

  for (const order of permutations(paths)) {
    const names = order.map((path) => path.slice(root.length + 1)).join(', ');
    it(`do not depend on the order: ${names}`, () => {
      const { results } = analyse(hostOf(), order);
      for (const path of paths) assert.equal(outline(results.get(path)), outline(expected.get(path)), path);
    });
  }

  it('are the same when asked again', () => {
    const { analysis, results } = analyse(hostOf(), paths);
    for (const [path, result] of results) assert.equal(outline(analysis.check(path, recommended)), outline(result));
  });

  it('are the same after a file was read again', () => {
    const { analysis, results } = analyse(hostOf(), paths);
    analysis.invalidate([`${root}/b.ts`]);
    // `c.ts` calls what `a.ts` acquires, and nobody has looked at `a.ts` since.
    for (const path of [...results.keys()].reverse()) {
      assert.equal(outline(analysis.check(path, recommended)), outline(results.get(path)), path);
    }
  });

  it('follow a change in another file', () => {
    const host = hostOf();
    const { analysis } = analyse(host, paths);
    const path = `${root}/c.ts`;
    host.files.set(path, (host.files.get(path) ?? '').replace('client.release();', ''));
    analysis.invalidate([path]);
    for (const each of paths) analysis.acquiringExports(each, recommended);
    const { findings } = analysis.check(`${root}/a.ts`, recommended);
    assert.equal(findings.length, 2, 'nobody in the circle releases any more');
  });

  it('tells nothing of a file that is not there', () => {
    const result = createAnalysis(new MemoryHost([])).check(`${root}/gone.ts`, recommended);
    assert.deepEqual([result.findings, result.acquisitions], [[], []]);
  });
});
