import assert from 'node:assert/strict';
import type { Finding } from '../../server/analysis/finding.ts';
import { analyse, root } from '../support/analyse.ts';
import { expectation } from '../support/expectation.ts';
import { MemoryHost } from '../support/memoryHost.ts';

function fingerprints(text: string, path = `${root}/src/orders.ts`): readonly string[] {
  const { results } = analyse(new MemoryHost([[path, text]]), [path]);
  return (results.get(path)?.findings ?? []).map(({ fingerprint }: Finding) => fingerprint);
}

const awaited = `
import { Pool } from 'pg';
const pool = new Pool();
export async function count() {
  const client = await pool.connect();
  return client.query('select 1');
}
`;

const calledBack = `
import { Pool } from 'pg';
const pool = new Pool();
export function count(callback) {
  pool.connect((error, client, release) => {
    if (error) return callback(error);
    client.query('select 1', callback);
  });
}
`;

/** Baselines and suppressions elsewhere know a finding by its fingerprint: it has to outlive edits around it. */
describe('fingerprints', () => {
  for (const [style, text] of Object.entries({ awaited, calledBack })) {
    const [expected] = fingerprints(text);

    expectation(`${style}: outlive edits above, around and inside the function`, () => {
      assert.ok(expected);
      const edits: readonly (readonly [string | RegExp, string])[] = [
        ['const pool', '// The pool.\n\nconst pool'],
        ["'select 1'", "'select 2'"],
        [/( +)client\.query|( +)return client/, '$1console.log(1);$&'],
        [/\(error, client/, '(problem, client'],
        [/ {2}/g, '\t'],
        ['pool.connect(', 'pool . connect( /* now */ '],
      ];
      for (const [from, to] of edits)
        assert.deepEqual(fingerprints(text.replace(from, to)), [expected], `${from} → ${to}`);
    });

    expectation(`${style}: tell findings of different functions, files and acquisitions apart`, () => {
      assert.notDeepEqual(fingerprints(text.replace('function count', 'function sum')), [expected]);
      assert.notDeepEqual(fingerprints(text, `${root}/src/other.ts`), [expected]);
      assert.notDeepEqual(fingerprints(text.replaceAll('pool', 'database')), [expected]);
    });
  }

  it('number equal acquisitions of one function', () => {
    const twice = awaited.replace(
      'return client',
      'const other = await pool.connect();\n  await other.query(1);\n  return client',
    );
    const found = fingerprints(twice);
    assert.equal(new Set(found).size, 2);
    assert.ok(found.includes(fingerprints(awaited)[0] ?? ''));
  });
});
