import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeCli, type RunResult, runCommand, runNode, Sandbox } from './support/run.ts';

const styled = '\u001b[';

describe('streams', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox().write({ 'a.ts': 'const client = acquire();\n' });
  });
  afterEach(() => box.dispose());

  const run = (args: string[], env: Record<string, string> = {}): Promise<RunResult> =>
    runNode(fakeCli, ['check', '.', ...args], { cwd: box.path, env });

  it('colours only where it is wanted', async () => {
    const coloured = async (args: string[], env?: Record<string, string>): Promise<boolean[]> => {
      const { stdout, stderr } = await run(args, env);
      return [stdout.includes(styled), stderr.includes(styled)];
    };
    assert.deepEqual(await coloured([]), [false, false], 'a pipe');
    assert.deepEqual(await coloured([], { FORCE_COLOR: '1' }), [true, true]);
    assert.deepEqual(await coloured([], { FORCE_COLOR: '0' }), [false, false]);
    assert.deepEqual(await coloured([], { NO_COLOR: '1' }), [false, false]);
    assert.deepEqual(await coloured(['--color', 'always'], { NO_COLOR: '1' }), [true, true]);
    assert.deepEqual(await coloured(['--color', 'never'], { FORCE_COLOR: '1' }), [false, false]);
    assert.deepEqual(await coloured(['--format=json', '--color=always']), [false, false], 'JSON never has colours');
  });

  it('shows no progress unless a terminal watches', async () => {
    const { stderr } = await run([]);
    assert.doesNotMatch(stderr, /Checking|\r/);
  });

  it('ends quietly when its reader goes away', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`f${index}.ts`, 'const client = acquire();\n'.repeat(20)]),
    );
    box.write(many);
    const command = `"${process.execPath}" "${fakeCli}" check . | head -1; echo "status \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runCommand('bash', ['-c', command], { cwd: box.path });
    assert.match(stdout, /^.*\/a\.ts\nstatus 1\n$/);
    assert.doesNotMatch(stderr, /EPIPE|Error|at /);
  });

  it('writes everything into a slow pipe before it ends', async () => {
    box.write(
      Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}.ts`, 'const c = acquire();\n'.repeat(9)])),
    );
    const command = `"${process.execPath}" "${fakeCli}" check . --format=json | (sleep 2; cat) | tail -c 2`;
    const { stdout } = await runCommand('bash', ['-c', command], { cwd: box.path });
    assert.equal(stdout, '}\n');
  });

  it('ends with 2 and one clear line when something goes wrong that nobody expected', async () => {
    box.write({ 'a.ts': 'hang() // acquire\n' });
    const fault =
      'data:text/javascript,import { isMainThread as m } from "node:worker_threads"; if (m) setTimeout(() => { throw new Error("boom") }, 800)';
    const args = ['--import', fault, fakeCli, 'check', '.'];
    const { status, stdout, stderr } = await runCommand(process.execPath, args, { cwd: box.path });
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, 'leakproof: internal error, please report: boom; LEAKPROOF_DEBUG=1 shows more\n');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends at ${signal} the way the signal does, within moments`, async () => {
      box.write({ 'a.ts': 'hang() // acquire\n' });
      const child = spawn(process.execPath, [fakeCli, 'check', '.'], {
        cwd: box.path,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr += chunk;
      });
      // Long enough for the worker to be at work.
      await sleep(2500);
      const sent = performance.now();
      child.kill(signal);
      const [status, killedBy] = await once(child, 'close');
      assert.deepEqual([status, killedBy, stderr], [null, signal, 'leakproof: interrupted\n']);
      assert.ok(performance.now() - sent < 5000);
    });
  }
});
