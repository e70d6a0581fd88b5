import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { Sandbox } from '../cli/support/run.ts';
import { able, type TestClient, uri } from './support/client.ts';
import { deps, leaking, typedLeak } from './support/project.ts';
import { stage } from './support/stage.ts';

const withoutHints = (items: readonly Diagnostic[]) =>
  items.filter(({ severity }) => severity !== DiagnosticSeverity.Hint);
const none = (items: readonly Diagnostic[]) => items.length === 0;
const some = (items: readonly Diagnostic[]) => items.length > 0;

describe('diagnostics', function () {
  this.timeout(90_000);
  const on = stage();
  let box: Sandbox;
  let client: TestClient;
  let file: string;

  beforeEach(async () => {
    box = on.project({ 'src/first.ts': leaking() });
    file = box.at('src/first.ts');
    client = await on.start({ folders: [box.path] });
  });

  it('answers with the finding, the way to it and a hint at its end', async () => {
    client.open(file, leaking());
    const [finding, hint, ...others] = await client.until(file, (items) => items.length === 2);
    assert.ok(finding && hint);
    assert.deepEqual(others, []);
    assert.deepEqual(finding.range, { start: { line: 3, character: 28 }, end: { line: 3, character: 35 } });
    assert.equal(finding.severity, DiagnosticSeverity.Error);
    assert.equal(finding.code, 'unreturned-pool-get');
    assert.equal(finding.source, 'leakproof');
    assert.match(finding.codeDescription?.href ?? '', /^https:.*\/v\d+\.\d+\.\d+\/.*unreturned-pool-get/);
    const steps = finding.relatedInformation ?? [];
    assert.equal(steps[0]?.location.range.start.line, 3);
    assert.equal(steps.at(-1)?.location.range.start.line, 5);
    assert.ok(steps.every(({ location }) => location.uri === uri(file)));
    assert.equal(hint.severity, DiagnosticSeverity.Hint);
    assert.equal(hint.range.start.line, 5);
    assert.match(String(hint.message), /leaves here.*; acquired at line 4$/);
    assert.deepEqual(hint.relatedInformation?.[0]?.location.range, finding.range);
    assert.match((finding.data as { fingerprint: string }).fingerprint, /^[0-9a-f]{28}$/);
  });

  it('answers without types at once, and asks to be asked again when types have answered', async () => {
    client.open(file, leaking());
    assert.equal(withoutHints(await client.diagnostics(file)).length, 1);
    assert.equal(client.statuses.findLast(({ state }) => state !== 'busy')?.backend, 'pending');
    await client.eventually(() => client.refreshes > 0, 'a refresh');
    await client.diagnostics(file);
    assert.equal(client.statuses.findLast(({ state }) => state !== 'busy')?.backend, 'native');
  });

  it('finds what only types tell, after a refresh', async () => {
    box.write({ 'src/deps.ts': deps, 'src/kept.ts': typedLeak });
    client.open(box.at('src/kept.ts'), typedLeak);
    assert.deepEqual(await client.diagnostics(box.at('src/kept.ts')), []);
    await client.eventually(() => client.refreshes > 0, 'a refresh');
    assert.equal((await client.diagnostics(box.at('src/kept.ts')))[0]?.code, 'unreturned-pool-get');
  });

  it('says that nothing has changed, rather than everything again', async () => {
    client.open(file, leaking());
    await client.settled(file);
    const first = await client.pull(file);
    assert.equal(first.kind, 'full');
    const second = await client.pull(file, first.resultId);
    assert.deepEqual(second, { kind: 'unchanged', resultId: first.resultId });
    client.edit(file, 'return undefined', 'return null');
    const third = await client.pull(file, first.resultId);
    assert.equal(third.kind, 'full');
  });

  it('follows what is typed, not what was saved', async () => {
    client.open(file, leaking());
    await client.until(file, some);
    client.edit(file, 'if (rows.length === 0) return undefined;', '');
    client.edit(file, 'await client.query', 'await Promise.resolve(client).query');
    client.edit(file, 'await Promise.resolve(client).query', 'client.query');
    const quiet = leaking().replace(/ {2}const \{ rows[\s\S]*return rows\[0\];\n/, '  client.release();\n');
    client.edit(file, client.text(file), quiet);
    assert.deepEqual(await client.diagnostics(file), []);
    client.edit(file, '  client.release();\n', '');
    assert.equal(withoutHints(await client.diagnostics(file)).length, 1);
    client.close(file);
    client.open(file, leaking());
    assert.equal((await client.diagnostics(file))[0]?.range.start.line, 3);
  });

  it('hides what is suppressed, and greys out suppressions of nothing', async () => {
    const comment = '  // leakproof-ignore unreturned-pool-get -- on purpose\n';
    const suppressed = leaking().replace('  const client', `${comment}  const client`);
    client.open(file, suppressed);
    assert.deepEqual(await client.settled(file), []);
    client.edit(
      file,
      client.text(file).slice(client.text(file).indexOf('  const { rows }')),
      '  client.release();\n}\n',
    );
    const [useless] = await client.until(file, some);
    assert.deepEqual([useless?.severity, useless?.tags], [DiagnosticSeverity.Hint, [DiagnosticTag.Unnecessary]]);
    assert.equal(useless?.range.start.line, 3);
  });

  it('sees a change of an imported file, open or on disk', async () => {
    const helper = (body: string) =>
      `import type { PoolClient } from 'pg';\nexport function done(client: PoolClient) { ${body} }\n`;
    const user = `import { Pool } from 'pg';
import { done } from './done.js';
const pool = new Pool();
export async function all() {
  const client = await pool.connect();
  done(client);
}
`;
    box.write({ 'src/done.ts': helper('client.release();'), 'src/user.ts': user });
    const [path, other] = [box.at('src/user.ts'), box.at('src/done.ts')];
    client.open(path, user);
    assert.deepEqual(await client.settled(path), []);

    box.write({ 'src/done.ts': helper('void client;') });
    let before = client.refreshes;
    client.changedOnDisk(other);
    await client.eventually(() => client.refreshes > before, 'a refresh after a change on disk');
    assert.equal(withoutHints(await client.diagnostics(path)).length, 1);

    before = client.refreshes;
    client.open(other, helper('client.release();'));
    await client.diagnostics(other);
    await client.eventually(() => client.refreshes > before, 'a refresh after an edit elsewhere');
    assert.deepEqual(await client.diagnostics(path), []);
  });

  it('sees a changed tsconfig', async () => {
    const config = (paths: object) =>
      JSON.stringify({ compilerOptions: { module: 'esnext', moduleResolution: 'bundler', paths } });
    const text = `import { take } from '@/db';
export async function one() {
  const client = await take();
  await client.query('select 1');
}
`;
    box.write({
      'tsconfig.json': config({}),
      'src/db.ts': "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const take = () => pool.connect();\n",
      'src/one.ts': text,
    });
    const path = box.at('src/one.ts');
    client.open(path, text);
    assert.deepEqual(await client.settled(path), []);
    box.write({ 'tsconfig.json': config({ '@/*': ['./src/*'] }) });
    client.changedOnDisk(box.at('tsconfig.json'));
    await client.until(path, some);
    box.write({ 'tsconfig.json': config({}) });
    client.changedOnDisk(box.at('tsconfig.json'));
    await client.until(path, none);
  });

  it('gives up what nobody waits for', async () => {
    client.open(file, leaking());
    const { id, answer } = client.rpc.ask('textDocument/diagnostic', { textDocument: { uri: uri(file) } });
    client.rpc.notify('$/cancelRequest', { id });
    await assert.rejects(answer, { code: -32800 });
    assert.equal(withoutHints(await client.diagnostics(file)).length, 1);
  });

  it('says why it shows nothing', async () => {
    const reason = async (path: string, text = leaking()): Promise<string | null | undefined> => {
      client.open(path, text);
      assert.deepEqual(await client.diagnostics(path), []);
      return client.statuses.findLast((status) => status.uri === uri(path) && status.state !== 'busy')?.reason;
    };
    box.write({ '.gitignore': 'dist/\n', 'leakproof.jsonc': '{ "ignore": ["old/**"] }' });
    assert.equal(await reason(box.at('dist/first.ts')), 'ignored by .gitignore');
    assert.equal(await reason(box.at('old/first.ts')), 'ignored by leakproof.jsonc');
    assert.match(String(await reason(box.at('node_modules/x/first.ts'))), /installed package/);
    client.configure((path) => (path.endsWith('off.ts') ? { enable: false } : { exclude: ['*.spec.ts'] }));
    assert.match(String(await reason(box.at('off.ts'))), /leakproof\.enable/);
    assert.match(String(await reason(box.at('src/a.spec.ts'))), /leakproof\.exclude/);
  });
});

describe('diagnostics, for a client that does not ask', function () {
  this.timeout(90_000);
  const on = stage();

  it('are sent when a document was opened, edited and closed', async () => {
    const box = on.project({ 'src/first.ts': leaking() });
    const path = box.at('src/first.ts');
    const client = await on.start({ folders: [box.path], capabilities: { textDocument: {}, workspace: {} } });
    const shown = () => client.published.get(uri(path));
    client.open(path, leaking());
    await client.eventually(() => shown()?.length === 2, 'the finding');
    client.edit(path, 'if (rows.length === 0) return undefined;', '');
    client.edit(path, 'await client.query', 'await noQuery');
    await client.eventually(() => shown()?.length === 2, 'the other finding');
    client.edit(path, "  const { rows } = await noQuery('select 1', [id]);\n", '');
    await client.eventually(() => shown()?.length === 0, 'its end');
    client.edit(path, 'client.release();', '');
    await client.eventually(() => shown()?.length === 2, 'its return');
    client.close(path);
    await client.eventually(() => shown()?.length === 0, 'nothing for a closed document');
  });
});

describe('diagnostics of the whole workspace', function () {
  this.timeout(90_000);
  const on = stage();

  it('are given when the settings say so', async () => {
    const box = on.project({
      'src/first.ts': leaking(),
      'src/second.ts': leaking('second'),
      'src/other.ts': 'export {};\n',
    });
    let scope = 'openFiles';
    const client = await on.start({ folders: [box.path], capabilities: able, settings: () => ({ scope }) });
    const registered = () => client.registrations.filter(({ method }) => method === 'textDocument/diagnostic');
    await client.eventually(() => registered().length === 1, 'the registration');
    assert.equal(registered()[0]?.registerOptions?.workspaceDiagnostics, false);
    scope = 'workspace';
    client.configure(() => ({ scope }));
    await client.eventually(() => registered().length === 2, 'another registration');
    assert.equal(registered()[1]?.registerOptions?.workspaceDiagnostics, true);
    client.open(box.at('src/second.ts'), leaking('second'));
    const { items } = await everything(client, []);
    const [first, second] = [uri(box.at('src/first.ts')), uri(box.at('src/second.ts'))];
    assert.deepEqual(brief(items), [`${first} full 2`, `${second} full 2`]);
    rmSync(box.at('src/first.ts'));
    const next = everything(client, items);
    client.changedOnDisk(box.at('src/first.ts'));
    assert.deepEqual(brief((await next).items), [`${second} unchanged`, `${first} full 0`]);
    // What changes between two questions is told in answer to the next one.
    box.write({ 'src/first.ts': leaking() });
    const before = client.refreshes;
    client.changedOnDisk(box.at('src/first.ts'));
    await client.eventually(() => client.refreshes > before, 'a refresh');
    assert.deepEqual(brief((await everything(client, [])).items), [`${first} full 2`, `${second} full 2`]);
  });

  it('are those of what is open, too, and end with a file even where it is open and the client does not name it', async () => {
    const box = on.project({ 'a.ts': leaking(), 'b.ts': leaking() });
    const client = await on.start({ folders: [box.path], settings: () => ({ scope: 'workspace' }) });
    const [a, b] = [uri(box.at('a.ts')), uri(box.at('b.ts'))];
    assert.deepEqual(brief((await everything(client, [])).items), [`${a} full 2`, `${b} full 2`]);
    // What was shown of an open document may come from a text that is no longer there: it is told in full.
    client.open(box.at('a.ts'), leaking());
    const { items } = await everything(client, []);
    assert.deepEqual(brief(items), [`${a} full 2`]);
    client.edit(box.at('a.ts'), 'if (rows.length === 0) return undefined;', '');
    client.edit(box.at('a.ts'), "  const { rows } = await client.query('select 1', [id]);\n", '');
    assert.deepEqual(brief((await everything(client, items)).items), [`${a} full 0`]);
    client.close(box.at('a.ts'));
    assert.deepEqual(brief((await everything(client, [])).items), [`${a} full 2`]);
    // An editor that has shown a file forgets that it has, and may keep it open without anybody seeing it.
    client.open(box.at('a.ts'), leaking());
    await everything(client, []);
    rmSync(box.at('a.ts'));
    const gone = everything(client, []);
    client.rpc.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: a, type: 3 }] });
    assert.deepEqual(brief((await gone).items), [`${b} full 2`, `${a} full 0`]);
  });

  it('come and go with the folder that a file lies in', async () => {
    const box = on.project({ 'a.ts': leaking(), 'sub/deep/b.ts': leaking(), '.gitignore': 'dist/' });
    const client = await on.start({ folders: [box.path], settings: () => ({ scope: 'workspace' }) });
    const [a, b] = [uri(box.at('a.ts')), uri(box.at('sub/deep/b.ts'))];
    const { items } = await everything(client, []);
    assert.deepEqual(brief(items), [`${a} full 2`, `${b} full 2`]);
    const next = everything(client, items);
    rmSync(box.at('sub'), { recursive: true });
    const changes = ['picture.png', 'sub'].map((path) => ({ uri: uri(box.at(path)), type: 3 }));
    client.rpc.notify('workspace/didChangeWatchedFiles', { changes });
    assert.deepEqual(brief((await next).items), [`${a} unchanged`, `${b} full 0`]);
    const after = everything(client, items);
    box.write({ 'sub/deep/b.ts': leaking(), 'dist/c.js': leaking() });
    const created = ['dist', 'sub'].map((path) => ({ uri: uri(box.at(path)), type: 1 }));
    client.rpc.notify('workspace/didChangeWatchedFiles', { changes: created });
    assert.deepEqual(brief((await after).items), [`${a} unchanged`, `${b} unchanged`]);
  });
});

interface Report {
  readonly uri: string;
  readonly kind: string;
  readonly resultId: string;
  readonly items?: readonly Diagnostic[];
}

/** Asks for the whole workspace as an editor does that has these reports. */
function everything(client: TestClient, known: readonly Report[]): Promise<{ items: Report[] }> {
  const previousResultIds = known.map(({ uri, resultId }) => ({ uri, value: resultId }));
  return client.rpc.request('workspace/diagnostic', { previousResultIds });
}

function brief(reports: readonly Report[]): string[] {
  return reports.map(({ uri, kind, items }) => [uri, kind, items?.length].filter((it) => it !== undefined).join(' '));
}
