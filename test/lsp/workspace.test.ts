import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { uri } from './support/client.ts';
import { leaking } from './support/project.ts';
import { stage } from './support/stage.ts';

const helper = `import { Pool } from 'pg';
const pool = new Pool();
export async function borrow() {
  return await pool.connect();
}
`;
const user = `import { borrow } from './db.js';
export async function use() {
  const it = await borrow();
  await it.query('select 1');
}
`;

describe('the workspace', function () {
  this.timeout(60_000);
  const on = stage();

  it('tells of functions that acquire for others, whatever they are called', async () => {
    const box = on.project({ 'src/db.ts': helper, 'src/use.ts': user });
    const client = await on.start({ folders: [box.path] });
    client.open(box.at('src/use.ts'), user);
    const [finding] = await client.until(box.at('src/use.ts'), (items) => items.length > 0);
    assert.equal(finding?.range.start.line, 2);
  });

  it('is checked with progress, and until nobody waits any more', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}.ts`, leaking()]));
    const box = on.project(files);
    const client = await on.start({ folders: [box.path] });
    const seen: string[] = [];
    client.rpc.on('$/progress', ({ value }: { value: { kind: string } }) => void seen.push(value.kind));
    const { id, answer } = client.rpc.ask('leakproof/checkWorkspace', { workDoneToken: 'token' });
    await client.eventually(() => seen.includes('report'), 'progress');
    client.rpc.notify('$/cancelRequest', { id });
    await assert.rejects(answer, { code: -32800 });
    assert.equal(seen.at(-1), 'end');
    const all = await client.rpc.request<{ findings: number }>('leakproof/checkWorkspace', {});
    assert.equal(all.findings, 60);
  });

  it('is looked at as the disk has it, told of or not', async () => {
    const box = on.project({ 'a.ts': leaking(), 'b.ts': leaking(), 'c.ts': 'export {};\n', 'd.ts': helper });
    const client = await on.start({ folders: [box.path] });
    const check = async () => {
      const { items, files } = await client.rpc.request<{ files: number; items: { uri: string }[] }>(
        'leakproof/checkWorkspace',
        {},
      );
      return [files, ...items.map((item) => item.uri.replace(/.*\//, ''))];
    };
    assert.deepEqual(await check(), [4, 'a.ts', 'b.ts']);
    rmSync(box.at('a.ts'));
    box.write({ 'b.ts': 'export {};\n', 'c.ts': leaking(), 'new/e.ts': leaking(), 'f.ts': user.replace('db', 'd') });
    assert.deepEqual(await check(), [5, 'c.ts', 'f.ts', 'e.ts']);
    box.write({ 'leakproof.jsonc': '{ "ignore": ["new/**"] }', '.gitignore': 'c.ts\n' });
    assert.deepEqual(await check(), [3, 'f.ts']);
    rmSync(box.at('leakproof.jsonc'));
    rmSync(box.at('.gitignore'));
    assert.deepEqual(await check(), [5, 'c.ts', 'f.ts', 'e.ts']);
    // What is open counts as it is open.
    client.open(box.at('c.ts'), 'export {};\n');
    assert.deepEqual(await check(), [5, 'f.ts', 'e.ts']);
  });

  it('says which configuration kept files from being checked', async () => {
    const box = on.project({ 'a.ts': leaking(), 'sub/leakproof.jsonc': '{', 'sub/b.ts': leaking() });
    const client = await on.start({ folders: [box.path] });
    const all = await client.rpc.request<{ findings: number; errors: { uri: string }[] }>(
      'leakproof/checkWorkspace',
      {},
    );
    assert.equal(all.findings, 1);
    assert.deepEqual(
      all.errors.map((error) => error.uri),
      [uri(box.at('sub/leakproof.jsonc'))],
    );
  });

  it('may get and lose folders', async () => {
    const [one, two] = [on.project({ 'a.ts': leaking() }), on.project({ 'src/db.ts': helper, 'src/use.ts': user })];
    const client = await on.start({ folders: [one.path] });
    let folders = [one.path];
    client.rpc.on('workspace/workspaceFolders', () => folders.map((path) => ({ uri: uri(path), name: path })));
    folders = [one.path, two.path];
    const event = { added: [{ uri: uri(two.path), name: two.path }], removed: [] };
    client.rpc.notify('workspace/didChangeWorkspaceFolders', { event });
    await client.eventually(() => client.refreshes > 0, 'a refresh');
    const all = await client.rpc.request<{ findings: number }>('leakproof/checkWorkspace', {});
    assert.equal(all.findings, 2);
  });
});
