import assert from 'node:assert/strict';
import { checkIn, createAnalysis } from '../../server/analysis/check.ts';
import { applyTextEdits, type WorkspaceEdit } from '../../server/analysis/edit.ts';
import type { IntroducedError } from '../../server/analysis/facts.ts';
import type { Fix } from '../../server/analysis/finding.ts';
import { gated, type OfferedFix, type ResolvedFix } from '../../server/analysis/fixes/gate.ts';
import { PositionMap } from '../../server/analysis/fixes/positions.ts';
import { Program } from '../../server/analysis/syntax/program.ts';
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
    assert.deepEqual(resolve(), { refused: 'the file has changed since', stale: true });
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

/** A program of two files, the finding of `case.ts`, and an edit over several files that is to be judged. */
function judged(files: readonly (readonly [string, string])[], edit: WorkspaceEdit): ResolvedFix {
  const host = new MemoryHost(files);
  const program = new Program(host);
  const check = checkIn(recommended, { names: new Set() });
  const [first, ...rest] = check(program, path);
  assert.ok(first);
  const fix: Fix = { title: 'Do it', safety: 'suggestion', build: () => edit };
  const offered = new WeakMap<Fix, OfferedFix>();
  const [finding] = gated({ program, path, findings: [{ ...first, fixes: [fix] }, ...rest], check }, offered);
  const [guarded] = finding?.fixes ?? [];
  assert.ok(guarded);
  return offered.get(guarded)?.resolve() ?? { refused: 'it was not offered' };
}

describe('the gate of edits over several files', () => {
  const other = `${root}/src/db.ts`;
  const made = `${root}/src/withClient.ts`;
  const body = `import { pool } from './db.ts';
export async function load() {
  const client = await pool.connect();
  await client.query('SELECT 1');
}
`;
  const pool = `import { Pool } from 'pg';\nexport const pool = new Pool();\n`;
  /** The edit that makes one text of another by what stands between their common ends. */
  const changed = (file: string, before: string, after: string) => {
    let start = 0;
    while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
    let tail = 0;
    while (tail < Math.min(before.length, after.length) - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const text = after.slice(start, after.length - tail);
    return { path: file, create: false, edits: [{ start, end: before.length - tail, text }] };
  };
  const created = (file: string, text: string) => ({
    path: file,
    create: true,
    edits: [{ start: 0, end: 0, text }],
  });
  const through = (name: string) => `import { ${name} } from './withClient.ts';
export async function load() {
  await ${name}((client) => client.query('SELECT 1'));
}
`;
  const guard = `import { pool } from './db.ts';
export async function withClient(work) {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
`;
  const files = [
    [path, body],
    [other, pool],
  ] as const;

  it('takes a module that is created and imported', () => {
    const edit = { files: [changed(path, body, through('withClient')), created(made, guard)] };
    assert.deepEqual(judged(files, edit), { edit });
  });

  it('refuses to create a file that is there', () => {
    const edit = { files: [changed(path, body, through('withClient')), created(other, guard)] };
    assert.deepEqual(judged(files, edit), { refused: `${other} exists already` });
  });

  it('refuses what would leak in the file that it creates', () => {
    const leaking = guard.replace('client.release();', 'console.log(client);');
    const edit = { files: [changed(path, body, through('withClient')), created(made, leaking)] };
    assert.match((judged(files, edit) as { refused: string }).refused, /^it would bring a new finding: /);
  });

  it('sees through the created file whether the finding is still there', () => {
    const lending = `import { pool } from './db.ts';\nexport const lend = () => pool.connect();\n`;
    const after = body
      .replace('./db.ts', './withClient.ts')
      .replace('{ pool }', '{ lend }')
      .replace('pool.connect', 'lend');
    // Fine edits: the name of the client is where it was.
    const edits = [
      { start: body.indexOf('pool'), end: body.indexOf('pool') + 4, text: 'lend' },
      { start: body.indexOf('./db.ts'), end: body.indexOf('./db.ts') + 7, text: './withClient.ts' },
      { start: body.indexOf('pool.connect'), end: body.indexOf('pool.connect') + 12, text: 'lend' },
    ];
    assert.equal(applyTextEdits(body, edits), after);
    const edit = { files: [{ path, create: false, edits }, created(made, lending)] };
    assert.match((judged(files, edit) as { refused: string }).refused, /^it would bring a new finding: /);
  });

  it('refuses new findings in the other file, and leaves those that are there', () => {
    const leak = `export async function old() {\n  const own = await pool.connect();\n  own.query('SELECT 2');\n}\n`;
    const known = [
      [path, body],
      [other, pool + leak],
    ] as const;
    const fixed = body
      .replace(`  await client`, `  try {\n  await client`)
      .replace(`1');`, `1');\n  } finally { client.release(); }`);
    const harmless = {
      files: [changed(path, body, fixed), changed(other, pool + leak, `// One for all.\n${pool}${leak}`)],
    };
    assert.deepEqual(judged(known, harmless), { edit: harmless });
    const twice = { files: [changed(path, body, fixed), changed(other, pool, pool + leak)] };
    assert.match((judged(files, twice) as { refused: string }).refused, /^it would bring a new finding: /);
  });

  it('refuses what would not parse in another file, and an edit that changes nothing', () => {
    const fixed = body.replace(`  await client.query('SELECT 1');`, '  client.release();');
    const edit = { files: [changed(path, body, fixed), changed(other, pool, `${pool}export const {`)] };
    assert.deepEqual(judged(files, edit), { refused: 'the result would not parse' });
    assert.deepEqual(judged(files, { files: [] }), { refused: 'nothing would change' });
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
