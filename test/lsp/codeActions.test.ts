import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { CodeAction } from 'vscode-languageserver/node';
import type { Sandbox } from '../cli/support/run.ts';
import { able, placeOf, type TestClient, uri } from './support/client.ts';
import { leaking } from './support/project.ts';
import { stage } from './support/stage.ts';

const menu = ['Release in `finally`', 'Call `pool.query()` instead', 'Ignore this line…', 'Show documentation'];
const titles = (actions: readonly CodeAction[]) => actions.map(({ title }) => title);

describe('code actions', function () {
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

  const at = (part: string, path = file) => client.actions(path, placeOf(client.text(path), part));

  it('offer to repair, to ignore and to read, and nothing elsewhere', async () => {
    client.open(file, leaking());
    const actions = await at('connect');
    assert.deepEqual(titles(actions), menu);
    const [fix] = actions;
    assert.deepEqual([fix?.kind, fix?.isPreferred, fix?.edit], ['quickfix', true, undefined]);
    assert.equal(fix?.diagnostics?.[0]?.code, 'unreturned-pool-get');
    assert.deepEqual(titles(await at('return undefined')), titles(actions));
    assert.deepEqual(await at('new Pool'), []);
  });

  it('repair also after the folder was looked through, which lets go of the files that are not open', async () => {
    const text = `import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';

export function reloadOnHangup(server: Server, directory: string): void {
  process.on('SIGHUP', () => {
    try {
      server.setSecureContext({ cert: readFileSync(directory) });
    } catch (error) {
      console.error('could not reload', error);
    }
  });
}
`;
    const main = `import { createServer } from 'node:https';
import { reloadOnHangup } from './reload.js';

const server = createServer({});
reloadOnHangup(server, 'certificates');
process.once('SIGTERM', () => server.close());
`;
    box.write({ 'src/reload.ts': text, 'src/start.ts': main, 'leakproof.jsonc': '{ "preset": "strict" }' });
    const path = box.at('src/reload.ts');
    client.changedOnDisk(box.at('leakproof.jsonc'), box.at('src/start.ts'));
    client.open(path, text);
    await client.settled(path);
    await delay(1000);
    const [fix] = await at("on('SIGHUP'", path);
    assert.ok(fix);
    const { edit, disabled } = await client.resolve(fix);
    assert.equal(disabled, undefined);
    assert.ok(edit);
  });

  it('repair when chosen, so that the finding is gone', async () => {
    client.open(file, leaking());
    const [fix] = await at('connect');
    assert.ok(fix);
    const repaired = client.after(file, await client.resolve(fix));
    assert.match(repaired, /\} finally \{\n {4}client\.release\(\);\n {2}\}/);
    client.edit(file, client.text(file), repaired);
    assert.deepEqual(await client.diagnostics(file), []);
    assert.deepEqual(titles(await at('connect')), []);
  });

  it('refuse when the text has changed since', async () => {
    client.open(file, leaking());
    const [fix] = await at('connect');
    assert.ok(fix);
    client.edit(file, 'select 1', 'select 2');
    const resolved = await client.resolve(fix);
    assert.equal(resolved.edit, undefined);
    assert.match(resolved.disabled?.reason ?? '', /changed/);
  });

  it('refuse what is no longer offered', async () => {
    client.open(file, leaking());
    const [fix] = await at('connect');
    assert.ok(fix);
    const outcome = await client.resolve({ ...fix, data: { ...(fix.data as object), title: 'No such fix' } });
    assert.equal(outcome.edit, undefined);
    assert.match(outcome.disabled?.reason ?? '', /gone/);
  });

  it('refuse what would not compile', async () => {
    // The typings of this project know no `query` of a pool.
    client.open(file, leaking());
    const shorthand = (await at('connect')).find(({ title }) => title.startsWith('Call'));
    assert.ok(shorthand);
    const outcome = await client.resolve(shorthand);
    assert.equal(outcome.edit, undefined);
    assert.match(outcome.disabled?.reason ?? '', /type error.*query/);
  });

  it('fix all safe leaks of a file', async () => {
    const two = `${leaking()}\n${leaking('second', '')}`;
    client.open(file, two);
    await client.diagnostics(file);
    const everything = placeOf(two, two);
    const [all, ...others] = await client.actions(file, everything, ['source.fixAll']);
    assert.deepEqual([all?.title, all?.kind, others.length], ['Fix all safe leaks', 'source.fixAll.leakproof', 0]);
    assert.ok(all);
    const repaired = client.after(file, await client.resolve(all));
    assert.equal(repaired.match(/finally/g)?.length, 2);
    // The server goes on with the text that the document has.
    assert.equal((await client.diagnostics(file)).length, 4);
    client.edit(file, client.text(file), repaired);
    assert.deepEqual(await client.diagnostics(file), []);
    assert.deepEqual(await client.actions(file, everything, ['source.fixAll.leakproof']), []);
    assert.deepEqual(await client.actions(file, everything, ['source.organizeImports']), []);
  });

  it('ignore a line, with the reason to be written', async () => {
    client.open(file, leaking());
    const ignore = (await at('connect')).find(({ title }) => title.startsWith('Ignore'));
    assert.ok(ignore);
    const ignored = client.after(file, await client.resolve(ignore));
    assert.match(ignored, /\n {2}\/\/ leakproof-ignore unreturned-pool-get -- reason\n {2}const client/);
    client.edit(file, client.text(file), ignored);
    assert.deepEqual(await client.diagnostics(file), []);
  });

  it('ignore what stands between the children of an element, in a text, and after another comment', async () => {
    const head = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
    const path = box.at('src/view.tsx');
    const cases = [
      ['jsx', `export const view = async () => (\n  <div>\n    {(await pool.connect()).query('x')}\n  </div>\n);\n`],
      ['template', `export const text = async () => \`\n  \${(await pool.connect()).query('x')}\n\`;\n`],
      [
        'merge',
        `export async function f() {\n  // leakproof-ignore other-rule -- why\n  const c = await pool.connect();\n}\n`,
      ],
      ['crlf', `export async function f() {\r\n\tconst c = await pool.connect();\r\n}\r\n`],
    ] as const;
    const seen: Record<string, string> = {};
    for (const [name, body] of cases) {
      client.open(path, head + body, 'typescriptreact');
      const actions = await at('connect', path);
      const ignore = actions.find(({ title }) => title.startsWith('Ignore'));
      assert.ok(ignore, `${name}: ${titles(actions)}`);
      seen[name] = client.after(path, await client.resolve(ignore)).slice(head.length);
      client.edit(path, client.text(path), head + seen[name]);
      const left = (await client.diagnostics(path)).filter(({ code }) => code !== undefined);
      assert.deepEqual(left, [], `${name}: ${seen[name]}`);
      client.close(path);
    }
    const comment = 'leakproof-ignore unreturned-pool-get -- reason';
    assert.match(seen.jsx ?? '', new RegExp(`<div>\\n {4}\\{/\\* ${comment} \\*/\\}\\n {4}\\{\\(await`));
    assert.match(seen.template ?? '', new RegExp(`\\(await /\\* ${comment} \\*/ pool`));
    assert.match(seen.merge ?? '', /leakproof-ignore other-rule, unreturned-pool-get -- why/);
    assert.match(seen.crlf ?? '', new RegExp(`\\r\\n\\t// ${comment}\\r\\n\\tconst`));
  });

  it('ignore a whole file, or nothing, when the settings say so', async () => {
    client.configure(() => ({ codeAction: { suppress: { location: 'file', requireReason: false } } }));
    client.open(file, leaking());
    const ignore = (await at('connect')).find(({ title }) => title.startsWith('Ignore'));
    assert.ok(ignore);
    const ignored = client.after(file, await client.resolve(ignore));
    assert.match(ignored, /^\/\* leakproof-ignore-file unreturned-pool-get \*\/\nimport/);
    client.edit(file, client.text(file), ignored);
    assert.deepEqual(await client.settled(file), []);
    client.configure(() => ({ codeAction: { suppress: { enable: false } } }));
    client.edit(file, client.text(file), leaking());
    assert.ok(!titles(await at('connect')).some((title) => title.startsWith('Ignore')));
  });

  it('lead to the documentation', async () => {
    client.open(file, leaking());
    const docs = (await at('connect')).at(-1)?.command;
    assert.ok(docs);
    const shown: string[] = [];
    client.rpc.on('window/showMessage', ({ message }: { message: string }) => void shown.push(message));
    await client.rpc.request('workspace/executeCommand', { command: docs.command, arguments: docs.arguments });
    await client.eventually(() => shown.length > 0, 'the page');
    assert.match(shown[0] ?? '', /unreturned-pool-get/);
  });
});

describe('code actions, for modest clients', function () {
  this.timeout(90_000);
  const on = stage();

  it('come with their edits, in the old form', async () => {
    const box = on.project({ 'src/first.ts': leaking() });
    const path = box.at('src/first.ts');
    const { codeActionLiteralSupport } = able.textDocument.codeAction;
    const capabilities = { textDocument: { codeAction: { codeActionLiteralSupport } }, workspace: {} };
    const client = await on.start({ folders: [box.path], capabilities });
    client.open(path, leaking());
    const actions = await client.actions(path, placeOf(leaking(), 'connect'));
    // What types refuse cannot be offered without asking them first.
    assert.deepEqual(titles(actions), ['Release in `finally`', 'Ignore this line…', 'Show documentation']);
    assert.ok(actions[0]?.edit?.changes?.[uri(path)]);
    assert.match(client.after(path, actions[0]), /finally/);
  });

  it('and with a place to type the reason in, for clients that know snippets', async () => {
    const box = on.project({ 'src/first.ts': leaking() });
    const path = box.at('src/first.ts');
    const workspaceEdit = { documentChanges: true, snippetEditSupport: true };
    const capabilities = { ...able, workspace: { ...able.workspace, workspaceEdit } };
    const client = await on.start({ folders: [box.path], capabilities });
    client.open(path, leaking());
    const actions = await client.actions(path, placeOf(leaking(), 'connect'));
    const ignore = actions.find(({ title }) => title.startsWith('Ignore'));
    assert.ok(ignore);
    const [change] = (await client.resolve(ignore)).edit?.documentChanges ?? [];
    assert.ok(change && 'edits' in change);
    const [edit] = change.edits;
    assert.ok(edit && 'snippet' in edit);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a snippet
    assert.equal(edit.snippet.value, '  // leakproof-ignore unreturned-pool-get -- ${1:reason}\n');
  });
});
