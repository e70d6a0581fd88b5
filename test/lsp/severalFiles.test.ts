import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CodeAction } from 'vscode-languageserver/node';
import { rulesRequest } from '../../protocol/messages.ts';
import { able, placeOf, type TestClient, uri } from './support/client.ts';
import { stage } from './support/stage.ts';

const program = fileURLToPath(new URL('./support/fakeServer.js', import.meta.url));
const creating = 'const x = acquire(creates);\n';
const spreading = "import { y } from './other.js';\nconst x = acquire(spreads);\n";

describe('fixes of several files', function () {
  this.timeout(60_000);
  const on = stage();

  const fixOf = async (client: TestClient, path: string): Promise<CodeAction | undefined> => {
    await client.diagnostics(path);
    const actions = await client.actions(path, placeOf(client.text(path), 'acquire'));
    return actions.find(({ isPreferred }) => isPreferred !== undefined);
  };

  it('create the files that they need, and never over others', async () => {
    const box = on.project({ 'a.ts': creating });
    const client = await on.start({ folders: [box.path], program });
    const [path, hub] = [box.at('a.ts'), box.at('hub.ts')];
    client.open(path, creating);
    const fix = await fixOf(client, path);
    assert.ok(fix);
    const { edit } = await client.resolve(fix);
    const start = { line: 0, character: 0 };
    assert.deepEqual(edit?.documentChanges?.slice(1), [
      { kind: 'create', uri: uri(hub), options: { overwrite: false } },
      {
        textDocument: { uri: uri(hub), version: null },
        edits: [{ range: { start, end: start }, newText: 'export const hub = 1;\n' }],
      },
    ]);
    assert.match(client.after(path, { title: '', edit: edit ?? {} }), /release\(x\)/);

    box.write({ 'hub.ts': 'mine\n' });
    client.changedOnDisk(hub);
    const refused = await client.resolve(fix);
    assert.equal(refused.edit, undefined);
    assert.match(refused.disabled?.reason ?? '', /hub\.ts exists already/);
  });

  it('are refused where the editor cannot create files', async () => {
    const box = on.project({ 'a.ts': creating });
    const capabilities = { ...able, workspace: { ...able.workspace, workspaceEdit: { documentChanges: true } } };
    const client = await on.start({ folders: [box.path], program, capabilities });
    client.open(box.at('a.ts'), creating);
    const fix = await fixOf(client, box.at('a.ts'));
    assert.ok(fix);
    assert.match((await client.resolve(fix)).disabled?.reason ?? '', /cannot create files/);
  });

  it('change what is open and what is not, each at the text that it has', async () => {
    const box = on.project({ 'a.ts': spreading, 'other.ts': 'export const y = 1;\n' });
    const client = await on.start({ folders: [box.path], program });
    const [path, other] = [box.at('a.ts'), box.at('other.ts')];
    client.open(path, spreading);
    const fix = await fixOf(client, path);
    assert.ok(fix);
    const versions = async () => {
      const { edit } = await client.resolve(fix);
      return edit?.documentChanges?.map((change) =>
        'textDocument' in change ? [change.textDocument.uri, change.textDocument.version] : change.kind,
      );
    };
    assert.deepEqual(await versions(), [
      [uri(path), 1],
      [uri(other), null],
    ]);
    client.open(other, '// not saved\nexport const y = 2;\n');
    client.edit(other, 'not saved', 'still not saved');
    assert.deepEqual(await versions(), [
      [uri(path), 1],
      [uri(other), 2],
    ]);
  });

  it('are refused when another of the files changes while they are made', async () => {
    const box = on.project({ 'a.ts': spreading, 'other.ts': 'export const y = 1;\n' });
    const client = await on.start({ folders: [box.path], program });
    const [path, other] = [box.at('a.ts'), box.at('other.ts')];
    client.open(path, spreading);
    client.open(other, 'export const y = 1;\n');
    const fix = await fixOf(client, path);
    assert.ok(fix);
    box.write({ hold: '' });
    const resolving = client.resolve(fix);
    client.edit(other, 'y = 1', 'y = 2');
    // Answered in order: the change has been read by then, and the fix is not made yet.
    await client.rpc.request(rulesRequest, {});
    await rm(box.at('hold'));
    const { edit, disabled } = await resolving;
    assert.equal(edit, undefined);
    assert.match(disabled?.reason ?? '', /changed/);
  });

  it('fix all, and leave what is open elsewhere as it is', async () => {
    const box = on.project({ 'a.ts': spreading, 'other.ts': 'export const y = 1;\n' });
    const client = await on.start({ folders: [box.path], program });
    const [path, other] = [box.at('a.ts'), box.at('other.ts')];
    client.open(path, spreading);
    client.open(other, 'const z = acquire();\nexport const y = 1;\n');
    const everything = placeOf(spreading, spreading);
    for (const _ of ['once', 'and again']) {
      const [all] = await client.actions(path, everything, ['source.fixAll']);
      assert.ok(all);
      const resolved = await client.resolve(all);
      assert.match(client.after(path, resolved), /release\(x\)/);
      assert.match(client.after(other, resolved), /^\/\/ x is released\nconst z/);
      // The server goes on with the text that is open, not with that of the disk.
      assert.equal((await client.diagnostics(other))[0]?.range.start.line, 0);
    }
  });
});
