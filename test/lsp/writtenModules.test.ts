import assert from 'node:assert/strict';
import type { CodeAction, CreateFile, TextDocumentEdit } from 'vscode-languageserver/node';
import { able, placeOf, type TestClient, uri } from './support/client.ts';
import { stage } from './support/stage.ts';

const loop = `import { once } from 'node:events';

export async function follow(changed) {
  while (true) {
    process.on('SIGHUP', () => changed.emit('reload'));
    await once(changed, 'reload');
  }
}
`;

const reload = `import { readFileSync } from 'node:fs';

process.on('SIGHUP', () => {
  try {
    globalThis.cert = readFileSync('cert.pem');
  } catch (error) {
    console.error(error);
  }
});
`;

describe('fixes that write a module', function () {
  this.timeout(60_000);
  const on = stage();

  const offer = async (client: TestClient, path: string, title: string): Promise<CodeAction> => {
    // The first answer may stand before types have answered.
    await client.until(path, (items) => items.length > 0);
    const actions = await client.actions(path, placeOf(client.text(path), 'process.on'));
    const found = actions.find((it) => it.title === title);
    assert.ok(found, actions.map((it) => it.title).join(', '));
    return found;
  };
  const created = async (
    client: TestClient,
    action: CodeAction,
  ): Promise<{ readonly uri: string; readonly text: string }> => {
    const { edit, disabled } = await client.resolve(action);
    assert.equal(disabled, undefined);
    const changes = edit?.documentChanges ?? [];
    const file = changes.find((it): it is CreateFile => 'kind' in it && it.kind === 'create');
    assert.deepEqual(file?.options, { overwrite: false });
    const filled = changes.find((it): it is TextDocumentEdit => 'edits' in it && it.textDocument.uri === file?.uri);
    const [only] = filled?.edits ?? [];
    return { uri: file?.uri ?? '', text: only && 'newText' in only ? only.newText : '' };
  };

  it('create the hub beside the file that subscribes', async () => {
    const box = on.project({ 'src/follow.js': loop });
    const client = await on.start({ folders: [box.path] });
    const path = box.at('src/follow.js');
    client.open(path, loop);
    const action = await offer(client, path, 'Subscribe to one handler of the process');
    const module = await created(client, action);
    assert.equal(module.uri, uri(box.at('src/processSignals.js')));
    assert.match(module.text, /export function subscribe\(/);
    const resolved = await client.resolve(action);
    assert.match(client.after(path, resolved), /import \{ subscribe \} from '\.\/processSignals\.js';/);
  });

  it('create the control server beside the file that reloads', async () => {
    const box = on.project({ 'reload.js': reload, 'leakproof.jsonc': '{ "preset": "strict" }' });
    const client = await on.start({ folders: [box.path] });
    const path = box.at('reload.js');
    client.open(path, reload);
    const module = await created(client, await offer(client, path, 'Offer the reload on a control server'));
    assert.equal(module.uri, uri(box.at('controlServer.js')));
    assert.match(module.text, /0o600/);
    assert.match(module.text, /module\.exports = \{ controlPath, serveControl \};|export const controlPath/);
  });

  it('never write over a file, and import what they wrote before', async () => {
    const box = on.project({ 'follow.js': loop, 'processSignals.js': 'export const mine = 1;\n' });
    const client = await on.start({ folders: [box.path] });
    const path = box.at('follow.js');
    client.open(path, loop);
    await client.diagnostics(path);
    const actions = await client.actions(path, placeOf(loop, 'process.on'));
    assert.ok(!actions.some(({ title }) => title === 'Subscribe to one handler of the process'));

    box.write({ 'processSignals.js': '// Written by Leakproof.\nexport function subscribe() {}\n' });
    client.changedOnDisk(box.at('processSignals.js'));
    const { edit } = await client.resolve(await offer(client, path, 'Subscribe to one handler of the process'));
    assert.ok(
      edit?.documentChanges?.every((it) => !('kind' in it)),
      'nothing is created',
    );
  });

  it('are not offered where the editor cannot create files', async () => {
    const box = on.project({ 'follow.js': loop });
    const capabilities = { ...able, workspace: { ...able.workspace, workspaceEdit: { documentChanges: true } } };
    const client = await on.start({ folders: [box.path], capabilities });
    const path = box.at('follow.js');
    client.open(path, loop);
    const action = await offer(client, path, 'Subscribe to one handler of the process');
    assert.match((await client.resolve(action)).disabled?.reason ?? '', /cannot create files/);
  });
});
