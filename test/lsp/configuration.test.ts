import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { uri } from './support/client.ts';
import { leaking } from './support/project.ts';
import { stage } from './support/stage.ts';

describe('configuration', function () {
  this.timeout(90_000);
  const on = stage();

  it('that is broken is shown inside the file, and what it governs is not analysed', async () => {
    const box = on.project({ 'src/first.ts': leaking(), 'leakproof.jsonc': '{\n  "preset": "strickt"\n}' });
    const [file, config] = [box.at('src/first.ts'), box.at('leakproof.jsonc')];
    const client = await on.start({ folders: [box.path] });
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
  });

  it('counts no longer when its file is deleted, open or not', async () => {
    const box = on.project({ 'src/first.ts': leaking(), 'leakproof.jsonc': '{ "rulez": {} }' });
    const [file, config] = [box.at('src/first.ts'), box.at('leakproof.jsonc')];
    const client = await on.start({ folders: [box.path] });
    const shown = () => client.published.get(uri(config)) ?? [];
    client.open(file, leaking());
    client.open(config, '{ "rulez": {} }', 'jsonc');
    assert.deepEqual(await client.diagnostics(file), []);
    await client.eventually(() => shown().length === 1, 'the problem');
    rmSync(config);
    client.changedOnDisk(config);
    assert.equal((await client.until(file, (items) => items.length > 0)).length, 2);
    // The text that is open is wrong all the same, but governs nothing.
    await client.eventually(
      () => shown().length === 1 && !/not analysed/.test(String(shown()[0]?.message)),
      'a word less',
    );
    box.write({ 'leakproof.jsonc': '{ "rules": { "unreturned-pool-get": "off" } }' });
    client.changedOnDisk(config);
    await client.until(file, (items) => items.length === 0);
    client.close(config);
    await client.eventually(() => shown().length === 0, 'the end of the problem');
  });

  it('may have another name, and is watched under it', async () => {
    const box = on.project({ 'a.ts': leaking(), 'config/leaks.json': '{}' });
    const file = box.at('a.ts');
    let settings = {};
    const client = await on.start({ folders: [box.path], settings: () => settings });
    client.open(file, leaking());
    assert.equal((await client.diagnostics(file))[0]?.severity, DiagnosticSeverity.Error);
    settings = { configPath: 'config/leaks.json' };
    client.configure(() => settings);
    const watched = () => JSON.stringify(client.registrations.map(({ registerOptions }) => registerOptions?.watchers));
    await client.eventually(() => watched().includes('**/config/leaks.json'), 'another registration');
    box.write({ 'config/leaks.json': '{ "rules": { "unreturned-pool-get": "info" } }' });
    client.changedOnDisk(box.at('config/leaks.json'));
    await client.until(file, (items) => items[0]?.severity === DiagnosticSeverity.Information);
  });

  it('differs by folder; the file wins over the settings', async () => {
    const one = on.project({
      'a.ts': leaking(),
      'leakproof.jsonc': '{ "rules": { "unreturned-pool-get": "warning" } }',
    });
    const two = on.project({ 'a.ts': leaking() });
    const settings = () => ({ severity: { 'unreturned-pool-get': 'info' }, hints: { exitPoints: false } });
    const client = await on.start({ folders: [one.path, two.path], settings });
    const severities: (number | undefined)[] = [];
    for (const box of [one, two]) {
      client.open(box.at('a.ts'), leaking());
      const items = await client.diagnostics(box.at('a.ts'));
      severities.push(...items.map(({ severity }) => severity));
    }
    assert.deepEqual(severities, [DiagnosticSeverity.Warning, DiagnosticSeverity.Information]);
  });

  it('may let documents be checked only when they are saved', async () => {
    const box = on.project({ 'a.ts': leaking() });
    const client = await on.start({ folders: [box.path], settings: () => ({ run: 'onSave' }) });
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
  });

  it('ignores documents that are no files, and says so', async () => {
    const client = await on.start({ folders: [] });
    const textDocument = { uri: 'untitled:Untitled-1', languageId: 'typescript', version: 1, text: leaking() };
    client.rpc.notify('textDocument/didOpen', { textDocument });
    const report = await client.rpc.request<{ items: unknown[] }>('textDocument/diagnostic', { textDocument });
    assert.deepEqual(report.items, []);
    assert.match(client.statuses.at(-1)?.reason ?? '', /not saved/);
  });
});
