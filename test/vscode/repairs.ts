import assert from 'node:assert/strict';
import { commands, Range } from 'vscode';
import { actionsAt, apply, eventually, leaksIn, leakyFile, open, place, retype, rule } from './support.ts';

const everything = new Range(0, 0, 100, 0);

describe('repairs', () => {
  it('are made by a quick fix; what is undone comes back', async () => {
    const document = await open('first', 'src/fixed.ts', leakyFile);
    const [leak] = await leaksIn(document.uri, 1);
    assert.ok(leak);
    const fix = await actionsAt(document.uri, leak.range, /^Release in/);
    await apply(fix);
    assert.match(document.getText(), /try \{[\s\S]*finally \{\n\s*client\.release\(\);/);
    await leaksIn(document.uri, 0);
    await retype(document, leakyFile);
    await leaksIn(document.uri, 1);
  });

  it('are few at one place, and the preferred one is a fix', async () => {
    const { uri } = await open('first', 'src/few.ts', leakyFile);
    const [leak] = await leaksIn(uri, 1);
    assert.ok(leak);
    await actionsAt(uri, leak.range, /^Release in/);
    const all = await commands.executeCommand<{ title: string; kind?: { value: string }; isPreferred?: boolean }[]>(
      'vscode.executeCodeActionProvider',
      uri,
      leak.range,
      'quickfix',
    );
    assert.ok(all.length <= 5, all.map(({ title }) => title).join('\n'));
    for (const { title, isPreferred } of all) if (isPreferred) assert.doesNotMatch(title, /suppress|ignore/i);
  });

  it('can be made all at once', async () => {
    const second = leakyFile.split('\n').slice(4).join('\n').replace('nameOf', 'titleOf');
    const document = await open('first', 'src/all.ts', `${leakyFile}\n${second}`);
    await leaksIn(document.uri, 2);
    const changed = await eventually('all fixes', async () => {
      return (await commands.executeCommand<boolean>('leakproof.fixAll')) || undefined;
    });
    assert.ok(changed);
    await leaksIn(document.uri, 0);
    assert.equal(document.getText().match(/finally/g)?.length, 2);
  });

  it('are replaced by a comment with a reason where the leak is meant', async () => {
    const document = await open('first', 'src/suppressed.ts', leakyFile);
    const [leak] = await leaksIn(document.uri, 1);
    assert.ok(leak);
    await apply(await actionsAt(document.uri, leak.range, /suppress|ignore/i));
    assert.match(document.getText(), new RegExp(`// leakproof-ignore ${rule} -- .+\\n *const client`));
    await leaksIn(document.uri, 0);
  });

  it('leave other files alone', async () => {
    const { uri } = await open('first', 'src/untouched.ts', 'export const nothing = 1;\n');
    assert.deepEqual(await leaksIn(uri, 0), []);
    assert.equal(uri.toString(), place('first', 'src/untouched.ts').toString());
    const actions = await eventually('an answer', () =>
      commands.executeCommand<{ title: string }[]>(
        'vscode.executeCodeActionProvider',
        uri,
        everything,
        'source.fixAll',
      ),
    );
    assert.deepEqual(
      actions.filter(({ title }) => /leak/i.test(title)),
      [],
    );
  });
});
