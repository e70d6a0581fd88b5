import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { type Output, parseOutput } from './support/output.ts';
import { fakeCli, type RunResult, runNode, Sandbox } from './support/run.ts';

const leak = 'const client = acquire();\n';

describe('bad inputs', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const run = (...args: string[]): Promise<RunResult> => runNode(fakeCli, ['check', ...args], { cwd: box.path });
  const json = async (...args: string[]): Promise<Output & { status: number | null }> => {
    const { status, stdout } = await run('--format=json', ...args);
    return { status, ...parseOutput(stdout) };
  };

  it('goes on past what cannot be followed, and reports it as errors', async () => {
    box.write({ 'good.ts': leak });
    symlinkSync('nowhere.ts', box.at('dangling.ts'));
    symlinkSync('self.ts', box.at('self.ts'));
    const output = await json('.');
    assert.equal(output.status, 1);
    assert.deepEqual(output.errors, [
      { path: 'dangling.ts', message: 'cannot follow the symbolic link: no such file or directory (ENOENT)' },
      { path: 'self.ts', message: 'cannot follow the symbolic link: too many levels of symbolic links (ELOOP)' },
    ]);
    assert.equal(output.findings.length, 1);
  });

  it('ends with 2 when such a path was named', async () => {
    symlinkSync('nowhere.ts', box.at('dangling.ts'));
    const output = await json('dangling.ts');
    assert.deepEqual([output.status, output.errors.length, output.files.seen], [2, 1, 0]);
  });

  it('enters no loop of directories', async () => {
    box.write({ 'a/b/leak.ts': leak });
    symlinkSync('../..', box.at('a/b/up'));
    symlinkSync('.', box.at('here'));
    const output = await json('.');
    assert.deepEqual(
      output.findings.map(({ path }) => path),
      ['a/b/leak.ts'],
    );
    assert.deepEqual(output.files.skipped, [
      { path: 'a/b/up', reason: 'symbolic link to a directory' },
      { path: 'here', reason: 'symbolic link to a directory' },
    ]);
  });

  it('analyses a file that has several names once, under its own', async () => {
    box.write({ 'real.ts': leak });
    symlinkSync('real.ts', box.at('alias.ts'));
    const output = await json('.');
    assert.deepEqual(
      output.findings.map(({ path }) => path),
      ['real.ts'],
    );
    assert.equal(output.files.skipped[0]?.path, 'alias.ts');
  });

  it('never waits for a FIFO, a socket or a device', async () => {
    execFileSync('mkfifo', [box.at('fifo.ts')]);
    const server = createServer().listen(box.at('socket.ts'));
    symlinkSync('/dev/zero', box.at('zero.js'));
    try {
      const walked = await json('.');
      assert.equal(walked.status, 0);
      assert.deepEqual(
        walked.files.skipped.map(({ path, reason }) => `${path}: ${reason}`),
        ['fifo.ts', 'socket.ts', 'zero.js'].map((path) => `${path}: not a regular file`),
      );
      const named = await json('fifo.ts', 'socket.ts', 'zero.js');
      assert.equal(named.status, 2);
      assert.equal(named.errors.length, 3);
    } finally {
      server.close();
    }
  });

  it('skips what is binary, huge, minified or in UTF-16, with the reason', async () => {
    box.write({
      'binary.js': Buffer.from('acquire\0\0'),
      'huge.js': Buffer.alloc(2 * 1024 * 1024 + 1, 'x'),
      'edge.js': Buffer.alloc(2 * 1024 * 1024, '\n'),
      'lib.min.js': leak,
      'packed.js': leak.replaceAll('\n', ' ').repeat(200),
      'wide.ts': Buffer.from(`\uFEFF${leak}`, 'utf16le'),
      'types.d.ts': leak,
      'notes.txt': leak,
    });
    const output = await json('.');
    assert.deepEqual(output.files.skipped, [
      { path: 'binary.js', reason: 'binary' },
      { path: 'huge.js', reason: 'larger than 2 MB' },
      { path: 'lib.min.js', reason: 'minified' },
      { path: 'packed.js', reason: 'minified' },
      { path: 'wide.ts', reason: 'UTF-16; only UTF-8 is read' },
    ]);
    assert.deepEqual([output.status, output.errors.length], [0, 0]);
  });

  it('says so when a file that was named is skipped', async () => {
    box.write({ 'lib.min.js': leak, 'types.d.ts': leak });
    const { status, stderr } = await run('lib.min.js', 'types.d.ts');
    assert.equal(status, 0);
    assert.match(stderr, /^lib\.min\.js: warning: named, but skipped: minified\n/);
    assert.doesNotMatch(stderr, /types\.d\.ts/);
  });

  it('survives syntax errors and bytes that are no text', async () => {
    box.write({
      'syntax.ts': `const = ;;; {{{ ((\n${leak}`,
      'latin1.ts': Buffer.concat([Buffer.from('// caf\xe9\n', 'latin1'), Buffer.from(leak)]),
      'empty.ts': '',
    });
    const output = await json('.');
    assert.equal(output.findings.length, 2);
    assert.deepEqual(output.errors, []);
  });

  it('turns a fault of the analysis into an error of that file', async () => {
    box.write({ 'bad.ts': `crash()\n${leak}`, 'good.ts': leak });
    const output = await json('.');
    assert.equal(output.status, 1);
    assert.deepEqual(output.errors, [
      {
        path: 'bad.ts',
        message: 'internal error (TypeError: the fake analysis crashed); please report it, with this file if you can',
      },
    ]);
    assert.deepEqual(output.files, { seen: 2, parsed: 1, skipped: [] });
    const debug = await runNode(fakeCli, ['check', '.'], { cwd: box.path, env: { LEAKPROOF_DEBUG: '1' } });
    assert.match(debug.stderr, /\n +at check \(/);
    assert.equal((await run('bad.ts')).status, 2);
  });

  it('ends with 2 for paths that match nothing, unless told otherwise', async () => {
    mkdirSync(box.at('empty'));
    box.write({ 'a.css': '', 'a.ts': 'fine();\n' });
    const output = await json('missing.ts', 'empty', '*.jsx', 'a.css', 'a.ts');
    assert.equal(output.status, 2);
    assert.deepEqual(output.errors, [
      { path: '*.jsx', message: 'the glob matches no JavaScript or TypeScript file' },
      { path: 'a.css', message: 'is no JavaScript or TypeScript file' },
      { path: 'empty', message: 'holds no JavaScript or TypeScript file' },
      { path: 'missing.ts', message: 'no such file or directory (ENOENT)' },
    ]);
    assert.equal(output.files.seen, 1, 'the others are checked all the same');
    const { status, stderr } = await run('--no-error-on-unmatched', 'missing.ts', 'empty', '*.jsx', 'a.css');
    assert.equal(status, 0);
    assert.equal(stderr, 'Nothing was checked\n');
  });

  it('takes a path that exists literally, whatever characters it holds', async () => {
    box.write({ '[id]/{a}.ts': leak, 'i/a.ts': leak, '*.ts': leak, ' space é漢.ts': leak });
    const output = await json('[id]/{a}.ts', '*.ts', ' space é漢.ts');
    assert.deepEqual(
      output.findings.map(({ path }) => path),
      [' space é漢.ts', '*.ts', '[id]/{a}.ts'],
    );
  });

  it('puts no control characters of a file on the terminal', async () => {
    box.write({ 'a.ts': 'const client = acquire(); // \u001b[2Jgone\u009b31m\u202e\n' });
    const { stdout } = await run('.');
    assert.match(stdout, /␛\[2Jgone�31m�/);
  });
});
