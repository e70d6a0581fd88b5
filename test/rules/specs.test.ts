import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCase } from '../support/runCase.ts';
import { readSpec } from '../support/specFile.ts';

const specs = 'test/rules';
const docs = 'server/analysis/rules';

/** Each case of the specs, and each example that users read in the documentation of a rule. */
describe('rules', () => {
  for (const name of readdirSync(specs).filter((file) => file.endsWith('.md'))) {
    describe(name, () => runAll(join(specs, name)));
  }
  for (const { name } of readdirSync(docs, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    describe(`${name}/rule.md`, () => runAll(join(docs, name, 'rule.md')));
  }
});

function runAll(path: string): void {
  for (const spec of readSpec(readFileSync(path, 'utf8'))) {
    it(spec.title, () => {
      const problems = runCase(spec);
      assert.ok(problems.length === 0, `${path}:${spec.line}\n  ${problems.join('\n  ')}`);
    });
  }
}
