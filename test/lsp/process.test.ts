import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../cli/support/run.ts';
import { type TestClient, uri } from './support/client.ts';
import { deps, leaking, typedLeak } from './support/project.ts';
import { stage } from './support/stage.ts';

const impatient = fileURLToPath(new URL('./support/impatientServer.js', import.meta.url));
const breakable = fileURLToPath(new URL('./support/breakableServer.js', import.meta.url));

/** The processes that a server has started and that run. */
const childrenOf = (client: TestClient): readonly number[] => {
  return readdirSync('/proc')
    .filter((entry) => {
      if (!/^\d+$/.test(entry)) return false;
      try {
        const match = /\) (\w) (\d+) /.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'));
        return match?.[1] !== 'Z' && Number(match?.[2]) === client.process.pid;
      } catch {
        return false;
      }
    })
    .map(Number);
};

describe('the server process', function () {
  this.timeout(90_000);
  const on = stage();
  let box: Sandbox;
  let file: string;
  let client: TestClient;

  beforeEach(() => {
    box = on.project({ 'src/deps.ts': deps, 'src/kept.ts': typedLeak, 'src/first.ts': leaking() });
    file = box.at('src/kept.ts');
  });

  it('goes on when its compiler is killed', async () => {
    client = await on.start({ folders: [box.path] });
    client.open(file, typedLeak);
    assert.equal((await client.settled(file))[0]?.code, 'unreturned-pool-get');
    const [compiler, ...others] = childrenOf(client);
    assert.ok(compiler);
    assert.deepEqual(others, []);
    process.kill(compiler, 'SIGKILL');
    client.edit(file, 'select 1', 'select 2');
    assert.equal((await client.diagnostics(file))[0]?.code, 'unreturned-pool-get');
    assert.notEqual(childrenOf(client)[0], compiler);
  });

  it('goes on when its worker breaks down, and knows what is open', async () => {
    const fuse = box.at('fuse');
    process.env.LEAKPROOF_TEST_FUSE = fuse;
    client = await on.start({ folders: [box.path], program: breakable });
    delete process.env.LEAKPROOF_TEST_FUSE;
    const unsaved = typedLeak.replace("  return client.query('select 1');", '  client.release();');
    client.open(file, unsaved);
    assert.deepEqual(await client.settled(file), []);
    box.write({ fuse: '' });
    client.edit(file, '  client.release();\n', '');
    assert.equal((await client.until(file, (items) => items.length > 0))[0]?.code, 'unreturned-pool-get');
    assert.match(client.log.join('\n'), /started again/);
  });

  it('goes on when its compiler hangs, and shows until then what it knew', async () => {
    client = await on.start({ folders: [box.path], program: impatient });
    client.open(file, typedLeak);
    const known = await client.settled(file);
    const [compiler] = childrenOf(client);
    assert.ok(compiler);
    process.kill(compiler, 'SIGSTOP');
    client.edit(file, 'select 1', 'select 2');
    const hanging = client.pull(file);
    await client.eventually(() => client.statuses.at(-1)?.state === 'busy', 'a sign that it works');
    // What needs no types does not wait.
    const { rules } = await client.rpc.request<{ rules: unknown[] }>('leakproof/rules', {});
    assert.ok(rules.length > 0);
    const report = await hanging;
    assert.deepEqual(
      report.kind === 'full' ? report.items.map(({ range }) => range) : [],
      known.map(({ range }) => range),
    );
    await client.eventually(() => !isAlive(compiler), 'the end of the compiler that hung');
    assert.equal(client.statuses.findLast(({ state }) => state !== 'busy')?.backend, 'native');
  });

  it('ends soon after the process that started it, even while its compiler hangs', async () => {
    for (const part of ['idle', 'compiler hangs'] as const) {
      const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      client = await on.start({ folders: [box.path], parent: parent.pid });
      client.open(file, typedLeak);
      await client.settled(file);
      const [compiler] = childrenOf(client);
      assert.ok(compiler);
      if (part === 'compiler hangs') {
        process.kill(compiler, 'SIGSTOP');
        client.edit(file, 'select 1', 'select 2');
        client.pull(file).catch(() => {});
        await client.eventually(() => client.statuses.at(-1)?.state === 'busy', 'a sign that it works');
      }
      parent.kill('SIGKILL');
      const { process: server } = client;
      await client.eventually(() => server.exitCode !== null || server.signalCode !== null, `the end, ${part}`);
      await client.eventually(() => !isAlive(compiler), `the end of the compiler, ${part}`);
    }
  });

  it('leaves nothing behind after goodbye, nor when the client is gone', async () => {
    for (const part of ['goodbye', 'closed pipe'] as const) {
      client = await on.start({ folders: [box.path] });
      client.open(file, typedLeak);
      await client.settled(file);
      const started = childrenOf(client);
      assert.equal(started.length, 1);
      if (part === 'goodbye') assert.equal(await client.stop(), 0);
      else client.process.stdin?.end();
      const { process: server } = client;
      await client.eventually(() => server.exitCode !== null, `the end after ${part}`);
      await delay(100);
      const alive = started.filter((pid) => isAlive(pid));
      assert.deepEqual(alive, [], part);
    }
  });

  it('is what the command starts, too', async () => {
    client = await on.start({
      folders: [box.path],
      program: resolve('dist/cli.mjs'),
      args: ['lsp', '--stdio'],
    });
    client.open(box.at('src/first.ts'), leaking());
    assert.equal((await client.diagnostics(box.at('src/first.ts'))).length, 2);
    assert.equal(await client.stop(), 0);
    assert.equal(client.stderr, '');
  });

  it('answers what the protocol has no words for', async () => {
    client = await on.start({ folders: [box.path] });
    const first = box.at('src/first.ts');
    const { rules } = await client.rpc.request<{ rules: { id: string }[] }>('leakproof/rules', {});
    assert.ok(rules.some(({ id }) => id === 'unreturned-pool-get'));
    const page = await client.rpc.request<{ markdown: string }>('leakproof/explain', { rule: 'unreturned-pool-get' });
    assert.match(page.markdown, /^# /);
    assert.deepEqual(await client.rpc.request('leakproof/explain', { rule: 'x' }), { markdown: null });
    client.open(first, leaking());
    const trace = await client.rpc.request<{ title: string; steps: { uri: string; label: string }[] }>(
      'leakproof/trace',
      { uri: uri(first), position: { line: 3, character: 0 } },
    );
    assert.ok(trace.steps.length >= 2 && trace.steps.every((step) => step.uri === uri(first)));
    const elsewhere = { uri: uri(first), position: { line: 0, character: 0 } };
    assert.equal(await client.rpc.request('leakproof/trace', elsewhere), null);
    const all = await client.rpc.request<{
      files: number;
      findings: number;
      errors: unknown[];
      items: { uri: string }[];
    }>('leakproof/checkWorkspace', {});
    assert.deepEqual([all.files, all.findings, all.errors], [3, 2, []]);
    assert.deepEqual(
      all.items.map((item) => item.uri),
      [uri(first), uri(file)],
    );
    const folderUri = uri(box.path);
    const created = await client.rpc.request<{ uri: string; created: boolean }>('leakproof/createConfig', {
      folderUri,
    });
    assert.deepEqual([created.uri, created.created], [uri(box.at('leakproof.jsonc')), true]);
    const again = await client.rpc.request<{ created: boolean; message: string }>('leakproof/createConfig', {
      folderUri,
    });
    assert.equal(again.created, false);
    assert.match(again.message, /exists/);
    type Added = { uris: string[]; refused: string | null };
    const added = await client.rpc.request<Added>('leakproof/addHealth', { folderUri });
    assert.equal(added.refused, null);
    assert.match(added.uris.join(), /health\.ts,.*health\.rules\.yml$/);
    const refused = await client.rpc.request<Added>('leakproof/addHealth', { folderUri });
    assert.match(refused.refused ?? '', /^Nothing was written: .*health\.ts exists already/);
    const { text } = await client.rpc.request<{ text: string }>('leakproof/diagnosticsReport', { uri: uri(first) });
    assert.match(text, /Leakproof \d.*\n[\s\S]*Types: (?:native|pending)/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
