import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mayDeclare } from '../../server/analysis/syntax/declarationText.ts';
import { declaredNames } from '../../server/analysis/syntax/declaredNames.ts';

const written = [
  'function* a() {} class b {} async c() {} static async *d<T>() {} get e() {} obj.f = g; h?.i(); j!: k; l == m',
  "const n = 1, o = () => {}; p => q; r >= s; { 't': 1, \"u\" : 2, ['v']: 3, w() {}, async x() {} }",
  'x$function y; $class z; myclass zz; function\n* aa; export default function bb() {}',
  '\u00e9a() {}\nb\u00e9 = 1; #c = 1; #d() {} static #e() {} static#f() {} async*g() {} async * h() {}',
  'a(\r\nb(\u2028c(\u00a0d ( e\u00a0=\u00a01 f !== g ? h : i ? (j) : k ?(l) m! (n) o<p>(q)',
  'get get get() {} forget foo() {} set\nbar() {} @get baz() {} x get qux()',
];

describe('the names that a text may declare', () => {
  const root = join(import.meta.dirname, '../../../server/analysis');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^semantics\/.*\.ts$/.test(name))
    .map((name) => readFileSync(join(root, name), 'utf8'));

  it('are those of which the search for one name says so', () => {
    for (const text of [...written, ...sources]) {
      const names = declaredNames(text);
      for (const word of new Set(text.match(/[\w$]+/g))) {
        assert.equal(names.has(word), mayDeclare(text, word), `${word} in ${text.slice(0, 80)}`);
      }
    }
  });
});
