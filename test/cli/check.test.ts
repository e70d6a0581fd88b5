import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseOutput } from './support/output.ts';
import { fakeCli, type RunResult, runNode, Sandbox } from './support/run.ts';

const leak = 'const client = acquire();\nif (now) return;\n';

describe('leakproof check', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const check = (...args: string[]): Promise<RunResult> => runNode(fakeCli, ['check', ...args], { cwd: box.path });

  it('reports findings on standard output, the rest on standard error, and ends with 1', async () => {
    box.write({ 'src/a.ts': leak });
    const { status, stdout, stderr } = await check('.');
    assert.equal(status, 1);
    assert.match(stdout, /src\/a\.ts\n {2}1:16 {2}error {2}`client` is not released {2}unreturned-pool-get\n/);
    assert.match(
      stderr,
      /1 finding \(1 error\), 1 fixable with --fix\n1 acquisition: 0 released, 0 handed over, 0 not understood, 1 leaking; 1 file, 1 parsed, types: none, \d+ ms\n$/,
    );
    assert.doesNotMatch(stdout, /acquisition:/);
  });

  it('ends with 0 and an empty standard output when nothing leaks', async () => {
    box.write({ 'a.ts': 'const client = acquire();\nrelease(client);\n' });
    const { status, stdout, stderr } = await check('.');
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /^No leaks found\n1 acquisition: 1 released/);
  });

  it('draws the path with labels', async () => {
    box.write({ 'a.ts': `// first\n${leak}` });
    const { stdout } = await check('a.ts');
    assert.match(
      stdout,
      / {2}2 │ const client = acquire\(\);\n {4}│ {16}─{7} acquired here\n {2}3 │ if \(now\) return;\n {4}│ {10}\^{6} leaves here\n/,
    );
    assert.match(
      stdout,
      /why: The pool runs dry\.\n {2}help: Release it in `finally`\.\n {2}fix: Release at once \(safe, --fix\)\n/,
    );
  });

  it('writes the contract as JSON', async () => {
    box.write({ 'src/b.ts': leak, 'src/a.ts': `${leak}const x = acquire(warn);\n`, 'lib/c.js': 'fine();\n' });
    const { status, stdout, stderr } = await check('.', '--format', 'json');
    const output = parseOutput(stdout);
    assert.equal(status, 1);
    assert.equal(stderr, '');
    assert.deepEqual(
      output.findings.map(({ path, start, severity }) => `${path}:${start.line} ${severity}`),
      ['src/a.ts:1 error', 'src/a.ts:3 warning', 'src/b.ts:1 error'],
    );
    assert.equal(output.findings[0]?.message, '`client` is not released. The pool runs dry. Release it in `finally`.');
    assert.deepEqual(output.coverage, { acquisitions: 3, proven: 0, transferred: 0, unknown: 0, leaking: 3 });
    assert.deepEqual(output.files, { seen: 3, parsed: 2, skipped: [] });
    assert.equal(typeof output.durationMs, 'number');
  });

  it('writes the same bytes twice with --no-timing, from whichever argument a file comes', async () => {
    box.write({ 'src/b.ts': leak, 'src/a.ts': leak });
    const first = await check('.', '--format=json', '--no-timing');
    const second = await check('src/b.ts', 'src', '**/*.ts', '--format=json', '--no-timing');
    assert.equal(first.stdout, second.stdout);
    assert.equal('durationMs' in parseOutput(first.stdout), false);
  });

  it('shows witness steps in other files', async () => {
    box.write({ 'a.ts': `import { x } from './other';\n${leak}`, 'other.ts': 'export const x = 1;\n' });
    const text = await check('a.ts');
    assert.match(text.stdout, /╭ other\.ts:1:1\n {2}1 │ export const x = 1;\n {4}│ ─{6} passes through here/);
    const json = await check('a.ts', '--format=json');
    assert.deepEqual(
      parseOutput(json.stdout).findings[0]?.witness.map(({ path, line }) => `${path}:${line}`),
      ['a.ts:2', 'other.ts:1', 'a.ts:3'],
    );
  });

  it('marks suppressed findings in JSON and leaves them out elsewhere', async () => {
    box.write({ 'a.ts': 'const client = acquire(); // leakproof-ignore unreturned-pool-get -- on purpose\n' });
    const json = await check('.', '--format=json');
    assert.equal(json.status, 0);
    assert.deepEqual(parseOutput(json.stdout).findings[0]?.suppressed, { by: 'comment', reason: 'on purpose' });
    const text = await check('.');
    assert.equal(text.stdout, '');
    assert.match(text.stderr, /^No leaks found, 1 suppressed\n/);
  });

  it('writes one line per finding for grep and for agents', async () => {
    box.write({ 'a.ts': leak });
    const unix = await check('.', '-f', 'unix');
    assert.equal(
      unix.stdout,
      'a.ts:1:16: error: `client` is not released. The pool runs dry. Release it in `finally`. [unreturned-pool-get]\n',
    );
    const agent = await check('.', '-f', 'agent');
    assert.equal(
      agent.stdout,
      'a.ts:1:16: error unreturned-pool-get: `client` is not released. The pool runs dry. at a.ts:2:10 leaves here. help: Release it in `finally`. fix: Release at once (safe)\n',
    );
    assert.equal(agent.stderr, '');
  });

  it('writes further formats to files', async () => {
    box.write({ 'a.ts': leak });
    const { stdout } = await check('.', '--format=unix', '--format=json=out/result.json', '--format=stylish=s.txt');
    assert.match(stdout, /^a\.ts:1:16: error/);
    assert.equal(parseOutput(readFileSync(box.at('out/result.json'), 'utf8')).findings.length, 1);
    assert.match(readFileSync(box.at('s.txt'), 'utf8'), /1 finding \(1 error\)/);
  });

  it('ends with 2 when a report cannot be written', async () => {
    box.write({ 'a.ts': leak, 'taken/x': '' });
    const { status, stderr } = await check('.', '--format=json=taken');
    assert.equal(status, 2);
    assert.match(stderr, /cannot write taken: is a directory \(EISDIR\)/);
  });

  it('reads standard input as the file it is told', async () => {
    box.write({ 'src/a.ts': 'nothing();\n' });
    const args = ['check', '--stdin-filename', 'src/a.ts', '--format=json'];
    const { status, stdout } = await runNode(fakeCli, args, { cwd: box.path, stdin: leak });
    assert.equal(status, 1);
    assert.equal(parseOutput(stdout).findings[0]?.path, 'src/a.ts');
  });

  it('takes only source files from standard input', async () => {
    const run = (name: string): Promise<RunResult> =>
      runNode(fakeCli, ['check', '--stdin-filename', name], { cwd: box.path, stdin: leak });
    assert.equal((await run('a.css')).status, 2);
    assert.equal((await run('a.d.ts')).status, 0);
  });

  it('sorts by paths as they are shown', async () => {
    box.write({ 'in/z.ts': leak, 'other/a.ts': leak });
    const { stdout } = await runNode(fakeCli, ['check', '..', '--format=json'], { cwd: box.at('in') });
    assert.deepEqual(
      parseOutput(stdout).findings.map(({ path }) => path),
      ['../other/a.ts', 'z.ts'],
    );
  });

  it('gives the same positions with and without a byte order mark', async () => {
    box.write({ 'a.ts': `\uFEFF${leak}` });
    assert.match((await check('.', '-f', 'unix')).stdout, /^a\.ts:1:16:/);
  });

  it('finds callers of acquiring functions in the second round of the pre-filter', async () => {
    box.write({
      'db.ts': 'export function getThing() { return acquire(); }\n',
      'user.ts': 'getThing();\n',
      'x.ts': 'y();\n',
    });
    const { stdout } = await check('.', '--format=json');
    assert.deepEqual(parseOutput(stdout).files, { seen: 3, parsed: 2, skipped: [] });
  });
});

describe('what makes the exit status 1', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox().write({ 'warn.ts': 'const a = acquire(warn);\nconst b = acquire(warn);\n' });
  });
  afterEach(() => box.dispose());

  const cases: readonly [args: string[], status: number][] = [
    [[], 1],
    [['--severity', 'error'], 0],
    [['--severity', 'info'], 1],
    [['--max-warnings', '2'], 0],
    [['--max-warnings', '1'], 1],
    [['--max-warnings', '0'], 1],
    [['--quiet'], 0],
    [['--quiet', '--max-warnings=1'], 1],
    [['--quiet', '--severity=warning'], 1],
  ];
  for (const [args, expected] of cases) {
    it(`is ${expected} for two warnings with ${args.join(' ') || 'no options'}`, async () => {
      const { status } = await runNode(fakeCli, ['check', '.', ...args], { cwd: box.path });
      assert.equal(status, expected);
    });
  }

  it('counts what --quiet hides in the summary', async () => {
    const { stdout, stderr } = await runNode(fakeCli, ['check', '.', '--quiet'], { cwd: box.path });
    assert.equal(stdout, '');
    assert.match(stderr, /^No errors found, 2 below error not shown\n/);
  });

  it('reports unused suppressions as asked', async () => {
    box.write({ 'warn.ts': '// leakproof-ignore nothing\n' });
    const run = (...args: string[]): Promise<RunResult> => runNode(fakeCli, ['check', ...args, '.'], { cwd: box.path });
    const usual = await run();
    assert.equal(usual.status, 0);
    assert.match(usual.stderr, /^warn\.ts:1:1: warning: this comment suppresses nothing\n/);
    assert.equal((await run('--report-unused-suppressions')).status, 1);
    assert.equal((await run('--report-unused-suppressions=error')).status, 1);
    const off = await run('--report-unused-suppressions=off');
    assert.equal(off.status, 0);
    assert.doesNotMatch(off.stderr, /suppresses/);
  });
});
