import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { parseOutput } from './support/output.ts';
import { fakeCli, type RunResult, runNode, Sandbox } from './support/run.ts';

const leak = 'const client = acquire();\n';
const off = '{ "rules": { "unreturned-pool-get": "off" } }';

describe('leakproof.jsonc', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const run = (...args: string[]): Promise<RunResult> => runNode(fakeCli, args, { cwd: box.path });
  const found = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run('check', '--format=json', ...args);
    return parseOutput(stdout).findings.map(({ path, severity }) => `${path} ${severity}`);
  };

  it('governs the files below it, wherever the command runs', async () => {
    box.write({ 'a/x.ts': leak, 'a/leakproof.jsonc': off, 'b/x.ts': leak });
    assert.deepEqual(await found('.'), ['b/x.ts error']);
    const { status } = await runNode(fakeCli, ['check', '../a/x.ts'], { cwd: box.at('b') });
    assert.equal(status, 0);
  });

  it('lies over the ones further up, until one is a root', async () => {
    box.write({
      'leakproof.jsonc': '{ "rules": { "unreturned-pool-get": "info" } }',
      'x.ts': leak,
      'in/leakproof.jsonc': '{ "preset": "strict" } // nothing about rules',
      'in/x.ts': leak,
      'root/leakproof.jsonc': '{ "root": true, }',
      'root/x.ts': leak,
    });
    assert.deepEqual(await found('.'), ['in/x.ts info', 'root/x.ts error', 'x.ts info']);
  });

  it('overrides by globs relative to itself; the last match wins', async () => {
    box.write({
      'leakproof.jsonc': `{ "overrides": [
        { "files": ["*.test.ts"], "rules": { "unreturned-pool-get": "off" } },
        { "files": ["src/**"], "rules": { "unreturned-pool-get": "warning" } },
        { "files": ["src/{a,b}.test.ts"], "rules": { "unreturned-pool-get": "info" } }
      ] }`,
      'deep/x.test.ts': leak,
      'src/deep/x.test.ts': leak,
      'src/a.test.ts': leak,
      'x.ts': leak,
    });
    assert.deepEqual(await found('.'), ['src/a.test.ts info', 'src/deep/x.test.ts warning', 'x.ts error']);
  });

  it('ignores in the syntax of .gitignore; inner files decide first', async () => {
    box.write({
      'leakproof.jsonc': '{ "ignore": ["generated/", "/*.old.ts", "*.skip.ts"] }',
      'generated/x.ts': leak,
      'x.old.ts': leak,
      'in/x.old.ts': leak,
      'in/keep.skip.ts': leak,
      'in/leakproof.jsonc': '{ "ignore": ["!keep.skip.ts"] }',
    });
    assert.deepEqual(await found('.'), ['in/keep.skip.ts error', 'in/x.old.ts error']);
    const { stdout, stderr, status } = await run('check', 'x.old.ts', '--format=json');
    assert.deepEqual(parseOutput(stdout).files.skipped, [{ path: 'x.old.ts', reason: 'ignored by leakproof.jsonc' }]);
    assert.equal(status, 0);
    assert.match(stderr, /x\.old\.ts: warning: named, but ignored by leakproof\.jsonc/);
  });

  it('is replaced by --config, and --preset wins over all', async () => {
    box.write({ 'a/x.ts': leak, 'a/leakproof.jsonc': off, 'other.jsonc': '{ "preset": "strict" }' });
    assert.deepEqual(await found('.', '--config', 'other.jsonc'), ['a/x.ts error']);
    const { stdout } = await run('--print-config', 'a/x.ts', '--config=other.jsonc', '--preset=recommended');
    assert.deepEqual(JSON.parse(stdout).preset, { value: 'recommended', from: '--preset' });
  });

  it('stops the analysis of what it governs when it is broken', async () => {
    box.write({ 'a/x.ts': leak, 'a/y.ts': leak, 'a/leakproof.jsonc': '{\n  "presett": "strict"\n}', 'b/x.ts': leak });
    const { status, stdout } = await run('check', '.', '--format=json');
    const output = parseOutput(stdout);
    assert.equal(status, 2);
    assert.deepEqual(output.errors, [
      {
        path: 'a/leakproof.jsonc',
        message: '2:3 unknown key `presett`; did you mean `preset`? (2 files not analysed)',
      },
    ]);
    assert.deepEqual(
      output.findings.map(({ path }) => path),
      ['b/x.ts'],
    );
  });

  const broken: readonly [what: string, text: string, problem: RegExp][] = [
    ['a syntax error', '{ "preset": strict }', /^1:13 unknown word; strings need double quotes/],
    ['an unclosed brace', '{ "preset": "strict"\n', /^2:1 a closing brace is missing/],
    ['an empty file', ' \n', /^(1:1|2:1) /],
    ['an array', '[]', /^1:1 must be an object, not an array/],
    [
      'an unknown rule',
      '{ "rules": { "unreturned-pool-got": "off" } }',
      /^1:14 unknown rule `unreturned-pool-got`; did you mean `unreturned-pool-get`\?/,
    ],
    [
      'a rule nobody knows',
      '{ "rules": { "xyz": "off" } }',
      /^1:14 unknown rule `xyz`; `leakproof --rules` lists the rules/,
    ],
    [
      'an unknown severity',
      '{ "rules": { "unreturned-pool-get": "warn" } }',
      /must be one of "off", "info", "warning", "error"/,
    ],
    ['a wrong type', '{ "timeoutMs": "10s" }', /^1:16 must be a whole number, not a string/],
    ['a number too small', '{ "timeoutMs": 0 }', /^1:16 must be 1 or more/],
    ['an override of nothing', '{ "overrides": [{}] }', /^1:17 `files` is missing here; add it/],
    ['the same key twice', '{ "root": true, "root": false }', /^1:17 `root` is given twice/],
    ['a model without its parts', '{ "models": [{ "library": "x" }] }', /`packages` is missing here/],
  ];
  for (const [what, text, problem] of broken) {
    it(`says what is wrong with ${what}`, async () => {
      box.write({ 'leakproof.jsonc': text, 'x.ts': leak });
      const { status, stdout } = await run('check', '.', '--format=json');
      const { errors, findings } = parseOutput(stdout);
      assert.deepEqual([status, findings.length], [2, 0]);
      assert.match(errors[0]?.message ?? '', problem);
    });
  }

  it('must be a file', async () => {
    mkdirSync(box.at('leakproof.jsonc'));
    box.write({ 'x.ts': leak });
    const { status, stderr } = await run('check', '.');
    assert.equal(status, 2);
    assert.match(stderr, /leakproof\.jsonc: error: is a directory; /);
    assert.equal((await run('check', '.', '--config', 'nope.jsonc')).status, 2);
    assert.equal((await run('--print-config', 'x.ts')).status, 2);
  });

  it('is created by --init and never overwritten', async () => {
    const created = await run('--init');
    assert.deepEqual([created.status, created.stderr], [0, 'created leakproof.jsonc\n']);
    box.write({ 'x.ts': leak });
    assert.deepEqual(await found('.'), ['x.ts error']);
    box.write({ 'leakproof.jsonc': '{}' });
    assert.equal((await run('--init')).status, 2);
    assert.equal(readFileSync(box.at('leakproof.jsonc'), 'utf8'), '{}');
  });

  it('is printed with where each value comes from', async () => {
    box.write({
      'leakproof.jsonc': '{\n  "timeoutMs": 500,\n  "rules": { "unreturned-pool-get": "info" }\n}',
      'in/leakproof.jsonc': '{ "overrides": [{ "files": ["*.ts"], "preset": "strict" }] }',
    });
    const { status, stdout } = await run('--print-config', 'in/x.ts');
    assert.equal(status, 0);
    const printed = JSON.parse(stdout);
    assert.deepEqual(printed.configs, ['leakproof.jsonc', 'in/leakproof.jsonc']);
    assert.deepEqual(printed.preset, { value: 'strict', from: 'in/leakproof.jsonc:1:48' });
    assert.deepEqual(printed.timeoutMs, { value: 500, from: 'leakproof.jsonc:2:16' });
    assert.deepEqual(printed.disposal, { value: 'auto', from: 'default' });
    assert.deepEqual(printed.rules['unreturned-pool-get'], { value: 'info', from: 'leakproof.jsonc:3:37' });
  });
});
