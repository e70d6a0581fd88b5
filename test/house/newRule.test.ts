import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCase } from '../support/runCase.ts';
import { readSpec } from '../support/specFile.ts';

/** Runs a script of the repository in a copy of it. */
function run(
  directory: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { cwd: directory, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('npm run new-rule', () => {
  let copy = '';

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'leakproof-new-rule-'));
    for (const name of ['server', 'protocol', 'scripts', 'media', 'package.json', 'tsconfig.json', 'biome.json']) {
      cpSync(name, join(copy, name), { recursive: true });
    }
    cpSync('test/rules', join(copy, 'test/rules'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'), 'junction');
  });

  after(() => rmSync(copy, { recursive: true, force: true }));

  it('refuses what is no id, no family or no new rule', () => {
    for (const args of [[], ['Rule'], ['rule'], ['../x-y'], ['a-rule', 'nowhere'], ['unreturned-pool-get']]) {
      assert.equal(run(copy, 'scripts/new-rule.mjs', ...args).status, 1, args.join(' '));
    }
  });

  it('lays out a rule that compiles, is registered, and fails where something has to be written', () => {
    const made = run(copy, 'scripts/new-rule.mjs', 'forgotten-thing', 'detached');
    assert.equal(made.status, 0, made.output);
    const generated = run(copy, 'scripts/generate.mjs');
    assert.equal(generated.status, 0, generated.output);
    const compiled = run(copy, 'node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.json', '--noEmit');
    assert.equal(compiled.status, 0, compiled.output);
    assert.match(readFileSync(join(copy, 'server/analysis/rules/registry.generated.ts'), 'utf8'), /forgottenThing/);
    for (const path of ['server/analysis/rules/forgotten-thing/rule.md', 'test/rules/forgotten-thing.md']) {
      const outcomes = readSpec(readFileSync(join(copy, path), 'utf8')).map((spec) => runCase(spec).length);
      assert.deepEqual(outcomes, [1, 0], `${path}: the reported example is to fail, the silent one to pass`);
    }
  });
});
