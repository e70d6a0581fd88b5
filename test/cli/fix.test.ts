import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { parseOutput } from './support/output.ts';
import { fakeCli, type RunResult, runNode, Sandbox } from './support/run.ts';

describe('fixes', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const check = (...args: string[]): Promise<RunResult> => runNode(fakeCli, ['check', '.', ...args], { cwd: box.path });
  const read = (name: string): string => readFileSync(box.at(name), 'utf8');

  it('applies safe fixes with --fix and reports what is left', async () => {
    box.write({ 'a.ts': 'const a = acquire();\nconst b = acquire(suggest);\n', 'b.ts': 'const c = acquire();\n' });
    const { status, stdout, stderr } = await check('--fix', '-f', 'unix');
    assert.equal(status, 1);
    assert.equal(read('a.ts'), 'const a = acquire(); release(a);\nconst b = acquire(suggest);\n');
    assert.equal(read('b.ts'), 'const c = acquire(); release(c);\n');
    assert.equal(stdout.trimEnd().split('\n').length, 1);
    assert.match(stdout, /^a\.ts:2:/);
    assert.equal(stderr, '2 fixes applied in 2 files\n');
  });

  it('applies suggestions only when asked, and creates files with them', async () => {
    box.write({ 'src/a.ts': 'const a = acquire(suggest);\nconst b = acquire(creates);\n' });
    await check('--fix');
    assert.equal(existsSync(box.at('src/hub.ts')), false);
    const { status } = await check('--fix-suggestions');
    assert.equal(status, 0);
    assert.match(read('src/a.ts'), /release\(a\);\n.*release\(b\);\n/);
    assert.equal(read('src/hub.ts'), 'export const hub = 1;\n');
  });

  it('never overwrites a file in order to create it', async () => {
    box.write({ 'a.ts': 'const b = acquire(creates);\n', 'hub.ts': 'mine();\n' });
    const { stderr } = await check('--fix-suggestions');
    assert.equal(read('hub.ts'), 'mine();\n');
    assert.equal(read('a.ts'), 'const b = acquire(creates);\n', 'all or nothing');
    assert.match(
      stderr,
      /a\.ts:1:11: not fixed: Release through a new module: hub\.ts exists already \(unreturned-pool-get\)/,
    );
  });

  it('lets overlapping fixes wait for the next pass', async () => {
    box.write({ 'a.ts': ['a', 'b', 'c'].map((name) => `const ${name} = acquire(imports);\n`).join('') });
    const { status } = await check('--fix');
    assert.equal(status, 0);
    assert.equal(
      read('a.ts'),
      '/* c */ /* b */ /* a */ const a = acquire(imports); release(a);\nconst b = acquire(imports); release(b);\nconst c = acquire(imports); release(c);\n',
    );
  });

  it('stops after ten passes and says so', async () => {
    box.write({ 'a.ts': 'const a = acquire(forever);\n' });
    const { status, stderr } = await check('--fix');
    assert.equal(status, 1);
    assert.equal(read('a.ts'), `${'// again\n'.repeat(10)}const a = acquire(forever);\n`);
    assert.match(stderr, /10 fixes applied in 1 file\nstopped after ten passes/);
  });

  it('explains refused fixes', async () => {
    box.write({ 'a.ts': 'const a = acquire(stubborn);\n' });
    const { status, stderr } = await check('--fix');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^a\.ts:1:11: not fixed: A stubborn fix: the release would come too early \(unreturned-pool-get\)\n/,
    );
  });

  it('keeps mode, byte order mark, line ends and links, and leaves nothing behind', async () => {
    box.write({ 'target/a.ts': '\uFEFFconst a = acquire();\r\nconst z = 1;\r\n' });
    chmodSync(box.at('target/a.ts'), 0o751);
    symlinkSync('target/a.ts', box.at('link.ts'));
    const { status } = await runNode(fakeCli, ['check', 'link.ts', '--fix'], { cwd: box.path });
    assert.equal(status, 0);
    assert.equal(read('target/a.ts'), '\uFEFFconst a = acquire(); release(a);\r\nconst z = 1;\r\n');
    assert.equal(statSync(box.at('target/a.ts')).mode & 0o777, 0o751);
    assert.ok(lstatSync(box.at('link.ts')).isSymbolicLink());
    assert.deepEqual(readdirSync(box.at('target')), ['a.ts']);
  });

  it('leaves a file alone whose bytes it could not write back', async () => {
    const bytes = Buffer.concat([Buffer.from('const a = acquire();\n// caf'), Buffer.from([0xe9, 0x0a])]);
    box.write({ 'a.ts': bytes });
    const { status, stdout } = await check('--fix', '--format=json');
    assert.equal(status, 1);
    assert.deepEqual(parseOutput(stdout).errors, [{ path: 'a.ts', message: 'not fixed: the file is not valid UTF-8' }]);
    assert.deepEqual(readFileSync(box.at('a.ts')), bytes);
  });

  it('leaves suppressed findings alone', async () => {
    const text = 'const a = acquire(); // leakproof-ignore unreturned-pool-get\n';
    box.write({ 'a.ts': text });
    await check('--fix');
    assert.equal(read('a.ts'), text);
  });

  it('prints a patch that Git applies, and changes nothing itself', async () => {
    const before = {
      'src/a b.ts': '\uFEFFconst a = acquire();\r\nconst é = 1;\r\nconst b = acquire(creates);',
      'src/c.ts': `${'\n'.repeat(20)}const c = acquire(imports);\nconst d = acquire(imports);\n`,
    };
    box.write(before);
    const { status, stdout, stderr } = await check('--fix-dry-run', '--fix-suggestions');
    assert.equal(status, 0);
    assert.equal(stderr.split('\n')[0], '4 fixes would be applied in 3 files');
    for (const [name, text] of Object.entries(before)) assert.equal(read(name), text);
    assert.deepEqual(readdirSync(box.at('src')), ['a b.ts', 'c.ts']);
    execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: box.path, input: stdout });
    const patched = ['src/a b.ts', 'src/c.ts', 'src/hub.ts'].map(read);
    for (const [name, text] of Object.entries(before)) box.write({ [name]: text });
    execFileSync('rm', [box.at('src/hub.ts')]);
    await check('--fix-suggestions');
    assert.deepEqual(['src/a b.ts', 'src/c.ts', 'src/hub.ts'].map(read), patched);
  });

  it('prints a patch for standard input', async () => {
    const result = await runNode(fakeCli, ['check', '--stdin-filename', 'new.ts', '--fix-dry-run'], {
      cwd: box.path,
      stdin: 'const a = acquire();\n',
    });
    assert.match(result.stdout, /^--- a\/new\.ts\n\+\+\+ b\/new\.ts\n/);
    assert.equal(existsSync(box.at('new.ts')), false);
  });
});
