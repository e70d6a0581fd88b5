import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Service } from '../runtime/support.ts';
import { builtCli, type RunResult, runNode, Sandbox } from './support/run.ts';

/** Prints an answer of the health server for each line that says what to do before. */
const program = (load: string): string => `${load}
import { EventEmitter } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

const server = serveHealth({ port: 0 });
await new Promise((resolve) => server.once('listening', resolve));
const ask = async (path) => {
  const response = await fetch(\`http://127.0.0.1:\${server.address().port}\${path}\`);
  return [response.status, (await response.text()).trim()];
};
const say = async (path) => console.log(JSON.stringify(await ask(path)));

await say('/healthz');
await say('/metrics');
await say('/');
limits.tasks = 1;
const task = Promise.withResolvers?.() ?? (() => { const it = {}; it.promise = new Promise((r) => { it.resolve = r; }); return it; })();
const tracked = [track(task.promise), track(task.promise)];
await say('/healthz');
task.resolve();
await Promise.all(tracked);
await say('/healthz');
const bus = new EventEmitter().setMaxListeners(0);
watchEmitter('bus', bus);
for (let n = 0; n <= limits.listeners; n++) bus.on('order', () => {});
await say('/healthz');
bus.removeAllListeners();
limits.reloadAge = -1;
reloadFailed(new Error('bad certificate'));
await say('/healthz');
reloaded();
try { registered(() => { throw new Error('EMFILE'); }); } catch {}
limits.registrationFailures = 1;
const listener = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
await new Promise((resolve) => listener.once('listening', resolve));
probe(listener.address().port);
await say('/healthz');
listener.close();
await say('/healthz');
const own = createHttp(async (request, response) => {
  if (!(await answerHealth(request, response))) response.writeHead(404).end('not mine');
}).listen(0, '127.0.0.1').unref();
await new Promise((resolve) => own.once('listening', resolve));
for (const path of ['healthz', 'else']) {
  const response = await fetch(\`http://127.0.0.1:\${own.address().port}/\${path}\`);
  console.log(JSON.stringify([response.status, await response.text()]));
}
console.log(JSON.stringify([(await checkHealth()).length, (await metrics()).includes('leakproof_healthy 0')]));
own.closeAllConnections();
`;

describe('leakproof add health', () => {
  let box: Sandbox;
  let service: Service | undefined;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(async () => {
    await service?.dispose();
    box.dispose();
  });

  const add = (...args: string[]): Promise<RunResult> => runNode(builtCli, ['add', ...args], { cwd: box.path });
  const text = (path: string): string => readFileSync(join(box.path, path), 'utf8');

  it('writes a module and its alerts as the files around are written, and never over a file', async () => {
    box.write({ 'package.json': '{}', 'tsconfig.json': '{}', 'src/a.ts': 'export function a() {\n\treturn "a"\n}\n' });
    const { status, stderr } = await add('health');
    assert.equal(status, 0, stderr);
    assert.equal(stderr, 'created src/health.ts\ncreated src/health.rules.yml\n');
    const module = text('src/health.ts');
    assert.match(module, /^\/\/ Written by Leakproof\./);
    assert.match(module, /^\ttasks \+= 1$/m);
    assert.match(module, /import \{ connect \} from "node:net"$/m);
    assert.match(text('src/health.rules.yml'), /process_open_fds \/ process_max_fds > 0\.8/);
    const again = await add('health');
    assert.equal(again.status, 2);
    assert.match(again.stderr, /health\.ts exists already; nothing was written/);
    assert.equal(text('src/health.ts'), module);
  });

  it('refuses what it does not know', async () => {
    assert.match((await add('wealth')).stderr, /add takes health/);
    assert.equal((await add('health', 'nowhere')).status, 2);
  });

  it('passes its own rules', async () => {
    box.write({ 'package.json': '{ "type": "module" }', 'a.ts': 'export const a = 1;\n' });
    await add('health');
    const { stdout } = await runNode(builtCli, ['check', '.', '--preset', 'strict', '--format', 'unix'], {
      cwd: box.path,
    });
    assert.equal(stdout, '');
  });

  for (const [kind, load] of [
    ['ES modules', `import * as health from './health.js';`],
    ['CommonJS', `import health from './health.js';`],
  ] as const) {
    it(`tells how a process is, in ${kind}`, async () => {
      box.write({
        'package.json': kind === 'CommonJS' ? '{}' : '{ "type": "module" }',
        'other.js': kind === 'CommonJS' ? "const fs = require('fs')\n" : "import 'node:fs';\n",
      });
      await add('health');
      const names =
        'limits, track, watchEmitter, registered, reloaded, reloadFailed, probe, serveHealth, checkHealth, metrics, answerHealth';
      box.write({ 'service.mjs': program(`${load}\nconst { ${names} } = health;`) });
      service = new Service('service.mjs', box.path);
      const next = async (): Promise<[number, string]> => JSON.parse((await service?.line()) ?? '');
      assert.deepEqual(await next(), [200, 'ok']);
      const [status, numbers] = await next();
      assert.equal(status, 200);
      for (const name of ['process_open_fds', 'process_max_fds', 'leakproof_healthy 1', 'nodejs_listeners{emitter=']) {
        assert.ok(numbers.includes(`\n${name}`), `${name} is missing in ${numbers}`);
      }
      assert.equal((await next())[0], 404);
      assert.deepEqual(await next(), [503, '2 tasks are in flight']);
      assert.deepEqual(await next(), [200, 'ok']);
      assert.deepEqual(await next(), [503, 'bus has 51 listeners of order']);
      assert.deepEqual(await next(), [503, 'the last reload failed: bad certificate']);
      assert.deepEqual(await next(), [200, 'ok']);
      assert.match((await next())[1], /^port \d+ does not answer$/);
      const [answer, reason] = await next();
      assert.equal(answer, 503);
      assert.match(reason, /^port \d+ does not answer\n$/);
      assert.deepEqual(await next(), [404, 'not mine']);
      assert.deepEqual(await next(), [1, true]);
      assert.equal(await service.ended(), 0, 'the health server does not keep the process alive');
    });
  }
});
