import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { TestClient, uri } from './support/client.ts';
import { leaking, project } from './support/project.ts';

describe('configuration', function () {
  this.timeout(90_000);

  it('that is broken is shown inside the file, and what it governs is not analysed', async () => {
    const box = project({ 'src/first.ts': leaking(), 'leakproof.jsonc': '{\n  "preset": "strickt"\n}' });
    const [file, config] = [box.at('src/first.ts'), box.at('leakproof.jsonc')];
    const client = await TestClient.start({ folders: [box.path] });
    const shown = () => client.published.get(uri(config)) ?? [];
    client.open(file, leaking());
    assert.deepEqual(await client.diagnostics(file), []);
    await client.eventually(() => shown().length === 1, 'the problem');
    assert.deepEqual(shown()[0]?.range.start, { line: 1, character: 12 });
    const status = client.statuses.findLast((each) => each.uri === uri(file));
    assert.deepEqual([status?.state, status?.reason], ['error', 'leakproof.jsonc is broken']);

    // Open, it is judged as it is typed; closed and repaired on disk, everything is as before.
    client.open(config, '{ "preset": ', 'jsonc');
    await client.eventually(() => shown()[0]?.range.start.line === 0, 'the problem of the unsaved text');
    client.close(config);
    box.write({ 'leakproof.jsonc': '{ "rules": { "unreturned-pool-get": "info" } }' });
    client.changedOnDisk(config);
    const [finding] = await client.until(file, (items) => items.length > 0);
    assert.equal(finding?.severity, DiagnosticSeverity.Information);
    await client.eventually(() => shown().length === 0, 'the end of the problem');
    await client.stop();
    box.dispose();
  });

  it('differs by folder; the file wins over the settings', async () => {
    const one = project({ 'a.ts': leaking(), 'leakproof.jsonc': '{ "rules": { "unreturned-pool-get": "warning" } }' });
    const two = project({ 'a.ts': leaking() });
    const settings = () => ({ severity: { 'unreturned-pool-get': 'info' }, hints: { exitPoints: false } });
    const client = await TestClient.start({ folders: [one.path, two.path], settings });
    const severities: (number | undefined)[] = [];
    for (const box of [one, two]) {
      client.open(box.at('a.ts'), leaking());
      const items = await client.diagnostics(box.at('a.ts'));
      severities.push(...items.map(({ severity }) => severity));
    }
    assert.deepEqual(severities, [DiagnosticSeverity.Warning, DiagnosticSeverity.Information]);
    await client.stop();
    one.dispose();
    two.dispose();
  });

  it('may let documents be checked only when they are saved', async () => {
    const box = project({ 'a.ts': leaking() });
    const client = await TestClient.start({ folders: [box.path], settings: () => ({ run: 'onSave' }) });
    const file = box.at('a.ts');
    client.open(file, leaking());
    assert.equal((await client.diagnostics(file)).length, 2);
    client.edit(file, 'if (rows.length === 0) return undefined;', '');
    client.edit(file, "  const { rows } = await client.query('select 1', [id]);\n", '');
    assert.equal((await client.diagnostics(file)).length, 2);
    const before = client.refreshes;
    client.save(file);
    await client.eventually(() => client.refreshes > before, 'a refresh');
    assert.deepEqual(await client.diagnostics(file), []);
    await client.stop();
    box.dispose();
  });

  it('ignores documents that are no files, and says so', async () => {
    const client = await TestClient.start({ folders: [] });
    const textDocument = { uri: 'untitled:Untitled-1', languageId: 'typescript', version: 1, text: leaking() };
    client.rpc.notify('textDocument/didOpen', { textDocument });
    const report = await client.rpc.request<{ items: unknown[] }>('textDocument/diagnostic', { textDocument });
    assert.deepEqual(report.items, []);
    assert.match(client.statuses.at(-1)?.reason ?? '', /not saved/);
    await client.stop();
  });
});
