import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { callsIn } from '../../server/analysis/syntax/nodes.ts';
import { parseUnit, reparseUnit } from '../../server/analysis/syntax/unit.ts';

const directory = 'server/analysis/syntax';
const sources = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));

/** Kind and range of every node, and the parent that it names. */
function shape(node: ts.Node, parent?: ts.Node): string {
  const below: string[] = [];
  ts.forEachChild(node, (child) => {
    below.push(shape(child, node));
  });
  assert.ok(parent === undefined || node.parent === parent);
  return `${ts.SyntaxKind[node.kind]}[${node.pos},${node.end})(${below.join(' ')})`;
}

const insertion = fc.constantFrom(
  '',
  ' ',
  '\n',
  '{',
  '}',
  '(',
  'x',
  ';',
  'await f();',
  '// c\n',
  '`',
  "'",
  '/*',
  'async ',
);

describe('a file that is parsed again after an edit', () => {
  it('has the tree, the names and the calls that it would have had from scratch', () => {
    const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), insertion);
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.array(edit, { minLength: 1, maxLength: 6 }), (source, edits) => {
        let unit = parseUnit('/case.ts', source);
        for (const [where, length, inserted] of edits) {
          const at = Math.floor(where * unit.text.length);
          unit = reparseUnit(unit, unit.text.slice(0, at) + inserted + unit.text.slice(at + length)).unit;
          const fresh = parseUnit('/case.ts', unit.text);
          assert.equal(shape(unit.file), shape(fresh.file));
          assert.deepEqual(
            callsIn(unit.file).map((call) => call.getText()),
            callsIn(fresh.file).map((call) => call.getText()),
          );
        }
      }),
      { numRuns: 20 },
    );
  });
});
