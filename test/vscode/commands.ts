import assert from 'node:assert/strict';
import { commands, env, Position, tasks, window, workspace } from 'vscode';
import { actionsAt, apply, eventually, leaksIn, leakyFile, open, ours, place, rule, write } from './support.ts';

const names = [
  ...['checkWorkspace', 'fixAll', 'explainRule', 'showTrace', 'createConfiguration', 'addHealth'],
  ...['restartServer', 'showOutput', 'copyReport'],
];

describe('commands', () => {
  it('are all there', async () => {
    const all = new Set(await commands.getCommands(true));
    assert.deepEqual(
      names.filter((name) => !all.has(`leakproof.${name}`)),
      [],
    );
  });

  it('explain a rule without a network', async () => {
    await commands.executeCommand('leakproof.explainRule', rule);
    const page = await eventually('the page', () =>
      workspace.textDocuments.find(
        ({ uri, getText }) => uri.scheme === 'leakproof-docs' && getText().includes('## Why'),
      ),
    );
    assert.ok(page.getText().startsWith(`# ${rule}`));
    await commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
  });

  it('lead from a finding to its page', async () => {
    const { uri } = await open('first', 'src/page.ts', leakyFile);
    const [leak] = await leaksIn(uri, 1);
    assert.ok(leak);
    await apply(await actionsAt(uri, leak.range, /^Show documentation/));
    await eventually('the page', () => workspace.textDocuments.find((it) => it.uri.scheme === 'leakproof-docs'));
    await commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
  });

  it('show the trace of a leak', async () => {
    const { uri } = await open('first', 'src/trace.ts', leakyFile);
    const [leak] = await leaksIn(uri, 1);
    const labels = await commands.executeCommand<string[]>('leakproof.showTrace', uri, leak?.range.start);
    assert.match(labels[0] ?? '', /^acquired here/);
    assert.match(labels.at(-1) ?? '', /^leaves here/);
    await commands.executeCommand('closeReferenceSearch');
  });

  it('show the trace of the only leak, wherever the cursor is', async () => {
    const document = await open('first', 'src/elsewhere.ts', leakyFile);
    await leaksIn(document.uri, 1);
    const top = new Position(0, 0);
    const labels = await commands.executeCommand<string[]>('leakproof.showTrace', document.uri, top);
    assert.ok(labels.length >= 2);
    await commands.executeCommand('closeReferenceSearch');
  });

  it('check files that nobody has opened', async () => {
    const uri = await write('second', 'src/unopened.ts', leakyFile);
    const found = await commands.executeCommand<number>('leakproof.checkWorkspace');
    assert.ok(found >= 1, `${found} findings`);
    assert.ok(ours(uri).length > 0);
    assert.ok(!workspace.textDocuments.some((it) => it.uri.toString() === uri.toString()));
    await leaksIn(uri, 1);
    const opened = await workspace.openTextDocument(uri);
    await window.showTextDocument(opened);
    await leaksIn(uri, 1);
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await leaksIn(uri, 1);
    await workspace.fs.delete(uri);
    await leaksIn(uri, 0);
  });

  it('create a configuration and open it', async () => {
    await open('fresh', 'src/some.ts', 'export {};\n');
    await commands.executeCommand('leakproof.createConfiguration');
    const config = place('fresh', 'leakproof.jsonc');
    assert.match(Buffer.from(await workspace.fs.readFile(config)).toString(), /"preset"/);
    await eventually('the editor', () =>
      window.activeTextEditor?.document.uri.toString() === config.toString() ? true : undefined,
    );
  });

  it('add a health module and open it', async () => {
    await open('fresh', 'src/other.ts', 'export {};\n');
    await commands.executeCommand('leakproof.addHealth');
    const module = place('fresh', 'src/health.ts');
    assert.match(Buffer.from(await workspace.fs.readFile(module)).toString(), /^\/\/ Written by Leakproof/);
    await eventually('the editor', () =>
      window.activeTextEditor?.document.uri.toString() === module.toString() ? true : undefined,
    );
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await workspace.fs.delete(module);
    await workspace.fs.delete(place('fresh', 'src/health.rules.yml'));
  });

  it('copy a report', async () => {
    await open('first', 'src/report.ts', leakyFile);
    await env.clipboard.writeText('nothing');
    await commands.executeCommand('leakproof.copyReport');
    const text = await eventually('the report', async () => {
      const copied = await env.clipboard.readText();
      return copied === 'nothing' ? undefined : copied;
    });
    assert.match(text, /^Leakproof \d+\.\d+\.\d+, .*\nServer: running, process \d+\nStatus: /);
  });

  it('offer the command line as a task', async () => {
    const found = await tasks.fetchTasks({ type: 'leakproof' });
    assert.equal(found.length, workspace.workspaceFolders?.length);
    assert.ok(found[0]?.problemMatchers.includes('$leakproof'));
  });
});
