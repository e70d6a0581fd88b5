import assert from 'node:assert/strict';
import { createAnalysis } from '../../server/analysis/check.ts';
import type { IntroducedError } from '../../server/analysis/facts.ts';
import type { Fix } from '../../server/analysis/finding.ts';
import { PositionMap } from '../../server/analysis/fixes/positions.ts';
import { recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

const path = `${root}/src/case.ts`;
const text = `import { Pool } from 'pg';
const pool = new Pool();
export async function load() {
  const client = await pool.connect();
  await client.query('SELECT 1');
  await client.query('SELECT 2');
}
`;

function firstFix(host: MemoryHost): { readonly fix: Fix; readonly resolve: () => unknown } {
  const analysis = createAnalysis(host);
  const [fix] = analysis.check(path, recommended).findings[0]?.fixes ?? [];
  assert.ok(fix);
  return { fix, resolve: () => analysis.resolveFix(path, recommended, fix) };
}

describe('the fix gate', () => {
  it('builds a fix once', () => {
    const { fix, resolve } = firstFix(new MemoryHost([[path, text]]));
    const edit = fix.build();
    assert.ok(edit);
    assert.equal(fix.build(), edit);
    assert.deepEqual(resolve(), { edit });
  });

  it('refuses what would bring a type error, when it comes to applying', () => {
    const errors: readonly IntroducedError[] = [{ code: 2322, message: 'It does not fit.', start: 3 }];
    const host = Object.assign(new MemoryHost([[path, text]]), { newErrors: () => errors });
    const { fix, resolve } = firstFix(host);
    assert.ok(fix.build());
    assert.deepEqual(resolve(), { refused: 'the result would have a type error: It does not fit' });
  });

  it('refuses fixes of a text that has changed', () => {
    const host = new MemoryHost([[path, text]]);
    const { resolve } = firstFix(host);
    host.files.set(path, `\n${text}`);
    assert.deepEqual(resolve(), { refused: 'the file has changed since' });
  });

  it('knows no fix that it has not handed out', () => {
    const analysis = createAnalysis(new MemoryHost([[path, text]]));
    const stranger: Fix = { title: 'Do something', safety: 'safe', build: () => ({ files: [] }) };
    assert.deepEqual(analysis.resolveFix(path, recommended, stranger), { refused: 'the finding is out of date' });
  });

  it('sees acquisitions through functions of other files in the edited file, too', () => {
    const helper = `${root}/src/db.ts`;
    const host = new MemoryHost([
      [helper, `import { Pool } from 'pg';\nconst pool = new Pool();\nexport const lend = () => pool.connect();\n`],
      [
        path,
        `import { lend } from './db.ts';\nexport async function f(g) {\n  const c = await lend();\n  await c.query(g);\n}\n`,
      ],
    ]);
    const analysis = createAnalysis(host);
    analysis.acquiringExports(helper, recommended);
    const [finding] = analysis.check(path, recommended).findings;
    assert.equal(finding?.fixes.filter((fix) => fix.build()).length, 1);
  });
});

describe('positions', () => {
  const map = new PositionMap([
    { start: 2, end: 2, text: 'abc' },
    { start: 4, end: 6, text: '' },
    { start: 8, end: 9, text: 'xy' },
  ]);

  it('follow what no edit touches', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 6, 7, 9].map((p) => map.forward(p)),
      [0, 1, 5, 6, 7, 8, 11],
    );
    assert.deepEqual(
      [0, 1, 5, 6, 7, 8, 11].map((p) => map.backward(p)),
      [0, 1, 2, 3, 6, 7, 9],
    );
  });

  it('lose what is removed or inserted', () => {
    assert.deepEqual(
      [4, 5, 8].map((p) => map.forward(p)),
      [undefined, undefined, undefined],
    );
    assert.deepEqual(
      [2, 3, 4, 9, 10].map((p) => map.backward(p)),
      [undefined, undefined, undefined, undefined, undefined],
    );
  });
});
