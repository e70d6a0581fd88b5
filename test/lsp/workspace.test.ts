import assert from 'node:assert/strict';
import { TestClient, uri } from './support/client.ts';
import { leaking, project } from './support/project.ts';

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

  it('tells of functions that acquire for others, whatever they are called', async () => {
    const box = project({ 'src/db.ts': helper, 'src/use.ts': user });
    const client = await TestClient.start({ folders: [box.path] });
    client.open(box.at('src/use.ts'), user);
    const [finding] = await client.until(box.at('src/use.ts'), (items) => items.length > 0);
    assert.equal(finding?.range.start.line, 2);
    await client.stop();
    box.dispose();
  });

  it('is checked with progress, and until nobody waits any more', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}.ts`, leaking()]));
    const box = project(files);
    const client = await TestClient.start({ folders: [box.path] });
    const seen: string[] = [];
    client.rpc.on('$/progress', ({ value }: { value: { kind: string } }) => void seen.push(value.kind));
    const { id, answer } = client.rpc.ask('leakproof/checkWorkspace', { workDoneToken: 'token' });
    await client.eventually(() => seen.includes('report'), 'progress');
    client.rpc.notify('$/cancelRequest', { id });
    await assert.rejects(answer, { code: -32800 });
    assert.equal(seen.at(-1), 'end');
    const all = await client.rpc.request<{ findings: number }>('leakproof/checkWorkspace', {});
    assert.equal(all.findings, 60);
    await client.stop();
    box.dispose();
  });

  it('says which configuration kept files from being checked', async () => {
    const box = project({ 'a.ts': leaking(), 'sub/leakproof.jsonc': '{', 'sub/b.ts': leaking() });
    const client = await TestClient.start({ folders: [box.path] });
    const all = await client.rpc.request<{ findings: number; errors: { uri: string }[] }>(
      'leakproof/checkWorkspace',
      {},
    );
    assert.equal(all.findings, 1);
    assert.deepEqual(
      all.errors.map((error) => error.uri),
      [uri(box.at('sub/leakproof.jsonc'))],
    );
    await client.stop();
    box.dispose();
  });

  it('may get and lose folders', async () => {
    const [one, two] = [project({ 'a.ts': leaking() }), project({ 'src/db.ts': helper, 'src/use.ts': user })];
    const client = await TestClient.start({ folders: [one.path] });
    let folders = [one.path];
    client.rpc.on('workspace/workspaceFolders', () => folders.map((path) => ({ uri: uri(path), name: path })));
    folders = [one.path, two.path];
    const event = { added: [{ uri: uri(two.path), name: two.path }], removed: [] };
    client.rpc.notify('workspace/didChangeWorkspaceFolders', { event });
    await client.eventually(() => client.refreshes > 0, 'a refresh');
    const all = await client.rpc.request<{ findings: number }>('leakproof/checkWorkspace', {});
    assert.equal(all.findings, 2);
    await client.stop();
    one.dispose();
    two.dispose();
  });
});
