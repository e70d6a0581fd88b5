import assert from 'node:assert/strict';
import { type CompletionList, commands, DiagnosticSeverity, languages, Position, window, workspace } from 'vscode';
import { eventually, extension, leaksIn, leakyFile, open, ours, place, retype, rule, write } from './support.ts';

describe('configuration', () => {
  afterEach(async () => {
    // What is wrong with an open text is shown even when its file is deleted.
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    await window.tabGroups.close(tabs.filter(({ label }) => label.startsWith('leakproof.jsonc')));
    for (const folder of ['first', 'second']) {
      await workspace.fs.delete(place(folder, 'leakproof.jsonc')).then(undefined, () => undefined);
    }
  });

  it('is the one of the folder that the file lies in', async () => {
    await write('second', 'leakproof.jsonc', `{ "rules": { "${rule}": "info" } }`);
    const first = await open('first', 'src/roots.ts', leakyFile);
    const second = await open('second', 'src/roots.ts', leakyFile);
    const severities = await eventually('two severities', async () => {
      const found = [first, second].map(async ({ uri }) => (await leaksIn(uri, 1))[0]?.severity);
      const [one, other] = await Promise.all(found);
      return one === other ? undefined : [one, other];
    });
    assert.deepEqual(severities, [DiagnosticSeverity.Error, DiagnosticSeverity.Information]);
  });

  it('that is broken says so in its file and stops what it governs, until it is repaired', async () => {
    const { uri } = await open('second', 'src/broken.ts', leakyFile);
    await leaksIn(uri, 1);
    const config = await open('second', 'leakproof.jsonc', '{ "preset": "recommended", "rulez": {} }');
    const problem = await eventually('a problem in the file', () => ours(config.uri)[0]);
    assert.match(problem.message, /rulez/);
    assert.ok(config.getText().slice(config.offsetAt(problem.range.start)).startsWith('"rulez"'));
    await leaksIn(uri, 0);
    const api = await extension();
    await window.showTextDocument(uri);
    await eventually('a reason in the status', () => (/leakproof\.jsonc/.test(api.status.detail) ? true : undefined));
    await write('second', 'leakproof.jsonc', '{ "preset": "recommended" }');
    await leaksIn(uri, 1);
    await eventually('no problem', () => (ours(config.uri).length === 0 ? true : undefined));
  });

  it('counts from the moment on it is written', async () => {
    const { uri } = await open('first', 'src/live.ts', leakyFile);
    await leaksIn(uri, 1);
    await write('first', 'leakproof.jsonc', `{ "rules": { "${rule}": "off" } }`);
    await leaksIn(uri, 0);
    await workspace.fs.delete(place('first', 'leakproof.jsonc'));
    await leaksIn(uri, 1);
  });

  it('is completed and validated while it is written', async () => {
    const document = await open('first', 'leakproof.jsonc', '{\n  \n}\n');
    assert.equal(document.languageId, 'jsonc');
    const labels = await eventually('completions', async () => {
      const { items } = await commands.executeCommand<CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new Position(1, 2),
      );
      const found = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.includes('preset') ? found : undefined;
    });
    assert.ok(labels.includes('rules') && labels.includes('ignore'), labels.join());
    const wrong = await open('second', 'leakproof.jsonc', '{ "preset": "strickt" }\n');
    await eventually('a problem', () => languages.getDiagnostics(wrong.uri)[0]);
  });

  it('may let files be checked only when they are saved', async () => {
    const { uri } = await open('first', 'src/saved.ts', leakyFile);
    const other = await open('second', 'src/typed.ts', 'export {};\n');
    const document = await workspace.openTextDocument(uri);
    const settings = workspace.getConfiguration('leakproof', uri);
    await settings.update('run', 'onSave', 3);
    await leaksIn(uri, 1);
    await retype(document, 'export {};\n');
    // By the time that the other folder's file was looked at, this one would have been, too.
    await retype(other, leakyFile);
    await leaksIn(other.uri, 1);
    assert.equal((await leaksIn(uri, 1)).length, 1);
    await document.save();
    await leaksIn(uri, 0);
    await settings.update('run', undefined, 3);
    await retype(document, leakyFile);
    await leaksIn(uri, 1);
  });

  it('may have files checked that nobody has opened', async () => {
    await extension();
    const uri = await write('first', 'src/closed.ts', leakyFile);
    const settings = workspace.getConfiguration('leakproof');
    await settings.update('scope', 'workspace', 2);
    try {
      await leaksIn(uri, 1);
      assert.ok(!workspace.textDocuments.some((it) => it.uri.toString() === uri.toString()));
      await commands.executeCommand('leakproof.checkWorkspace');
      await leaksIn(uri, 1);
      // Open, it is not shown twice, and goes on being shown when it is closed.
      await window.showTextDocument(uri);
      await retype(await workspace.openTextDocument(uri), leakyFile.replace('nameOf', 'titleOf'));
      await leaksIn(uri, 1);
      await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await leaksIn(uri, 1);
      // The editor keeps what is closed open behind the scenes for some time; another file's coming changes nothing.
      const later = await write('first', 'src/module/later.ts', leakyFile);
      await leaksIn(later, 1);
      assert.equal((await leaksIn(uri, 1)).length, 1);
      await workspace.fs.delete(uri);
      await leaksIn(uri, 0);
      await leaksIn(later, 1);
      await workspace.fs.delete(place('first', 'src/module'), { recursive: true });
      await leaksIn(later, 0);
      const last = await write('first', 'src/last.ts', leakyFile);
      await leaksIn(last, 1);
      await settings.update('scope', undefined, 2);
      await leaksIn(last, 0);
    } finally {
      await settings.update('scope', undefined, 2);
    }
  });

  it('can be switched off for a folder in the settings', async () => {
    const { uri } = await open('first', 'src/disabled.ts', leakyFile);
    await leaksIn(uri, 1);
    const settings = workspace.getConfiguration('leakproof', uri);
    await settings.update('enable', false, 3);
    await leaksIn(uri, 0);
    const api = await extension();
    assert.match(api.status.detail, /leakproof\.enable/);
    await settings.update('enable', undefined, 3);
    await leaksIn(uri, 1);
  });
});
