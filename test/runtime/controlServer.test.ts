import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { builtCli, runNode, Sandbox } from '../cli/support/run.ts';
import { Service } from './support.ts';

/** Self-signed for this test; nobody has its key. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUdv6JOmO9wmwY4ZkdV7naCdBXsgcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE1MDMwMVoYDzIxMjYxMDI4
MTUwMzAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATdQ8D1wCFKmxNpZnjb0lWF2lYAonyyz0NuUdn5szxAE6J/IJmbdhEL
OfuDqzyZE2Ih9furBERiHfj48ByiVnMYo1MwUTAdBgNVHQ4EFgQU8WAS1P7z9qr1
yA88eZqzx/IJyNMwHwYDVR0jBBgwFoAU8WAS1P7z9qr1yA88eZqzx/IJyNMwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA4wcya0U332HG2wCKLiE1
W/G/vHEqlEhFvzL8UUsD0cICIQDJl7NpNeda+nvA0rpHFxpmFRRZIevY8xl4yvZU
9mSw0w==
-----END CERTIFICATE-----
`;

const program = `import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

let context = createSecureContext({ cert: readFileSync('cert.pem') });

process.on('SIGHUP', () => {
  try {
    context = createSecureContext({ cert: readFileSync('cert.pem') });
    console.log('reloaded');
  } catch (error) {
    console.error('could not reload', error, context);
  }
});

const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', () => clearInterval(alive));
console.log('ready');
`;

const hasCurl = spawnSync('curl', ['--fail-with-body', '--version']).status === 0;

(process.platform === 'win32' || !hasCurl ? describe.skip : describe)('a reload by signal', () => {
  let box: Sandbox;
  let service: Service | undefined;
  beforeEach(async () => {
    box = new Sandbox();
    box.write({
      'package.json': '{ "name": "service", "type": "module" }',
      'service.mjs': program,
      'cert.pem': certificate,
    });
    await runNode(builtCli, ['check', '.', '--preset', 'strict', '--fix-suggestions'], { cwd: box.path });
  });
  afterEach(async () => {
    await service?.dispose();
    box.dispose();
  });

  async function start(): Promise<Service> {
    service = new Service('service.mjs', box.path);
    assert.equal(await service.line(), 'ready');
    return service;
  }

  /** The line that the written module documents. */
  const documented = (): string =>
    /^\/\/ +(curl .*)$/m.exec(readFileSync(box.at('controlServer.mjs'), 'utf8'))?.[1] ?? '';
  const ask = (line = documented()): Promise<{ readonly status: number; readonly stdout: string }> =>
    new Promise((done) => {
      execFile('sh', ['-c', `${line} --silent`], { cwd: box.path }, (error, stdout) => {
        done({ status: error ? Number(error.code) : 0, stdout });
      });
    });

  it('is answered by the control server that the fix writes', async () => {
    const running = await start();
    assert.equal(statSync(box.at('control.sock')).mode & 0o777, 0o600);
    const good = await ask();
    assert.deepEqual([good.status, good.stdout], [0, 'ok\n']);
    assert.equal(await running.line(), 'reloaded');

    box.write({ 'cert.pem': 'broken' });
    const bad = await ask();
    assert.equal(bad.status, 22);
    assert.match(bad.stdout, /PEM/);

    box.write({ 'cert.pem': certificate });
    running.signal('SIGHUP');
    assert.equal(await running.line(), 'reloaded', 'the signal goes on to work');
    running.signal('SIGTERM');
    assert.equal(await running.ended(), 0, 'the server does not keep the process alive');
  });

  it('takes POST only, and only what it knows', async () => {
    await start();
    const line = documented();
    assert.equal((await ask(line.replace('-X POST', ''))).stdout, 'only POST\n');
    assert.equal((await ask(line.replace('/reload', '/toString'))).stdout, 'unknown command\n');
  });

  it('takes over the socket of a process that was killed', async () => {
    const first = await start();
    first.signal('SIGKILL');
    await first.ended();
    assert.ok(statSync(box.at('control.sock')).isSocket(), 'it is left behind');
    await start();
    for (let tries = 0; (await ask()).status !== 0; tries++) assert.ok(tries < 50, 'it never answers');
    assert.equal(statSync(box.at('control.sock')).mode & 0o777, 0o600);
  });
});
