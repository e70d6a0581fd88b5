import assert from 'node:assert/strict';
import { commands, DiagnosticSeverity, type Hover } from 'vscode';
import { codeOf, eventually, extension, leaksIn, leakyFile, open, ours, retype, rule } from './support.ts';

describe('findings', () => {
  it('stand at the acquisition, with the way to the exit', async () => {
    const { uri } = await open('first', 'src/findings.ts', leakyFile);
    const [leak] = await leaksIn(uri, 1);
    assert.ok(leak);
    assert.equal(codeOf(leak), rule);
    assert.equal(leak.severity, DiagnosticSeverity.Error);
    assert.equal(leak.range.start.line, 5);
    assert.equal(leak.range.end.line, 5);
    assert.match(leak.message, /not released/);
    const labels = (leak.relatedInformation ?? []).map(({ message }) => message);
    assert.ok(labels.length >= 2, `the steps are ${labels}`);
    assert.match(labels.join('\n'), /acquired here[\s\S]*leaves here/);
  });

  it('mark the exit with a hint that leads back', async () => {
    const { uri } = await open('first', 'src/hint.ts', leakyFile);
    const hint = await eventually('a hint', () => ours(uri).find((it) => it.severity === DiagnosticSeverity.Hint));
    assert.ok(hint.range.start.line > 5, `it stands in line ${hint.range.start.line}`);
    assert.equal(hint.relatedInformation?.[0]?.location.range.start.line, 5);
  });

  it('lead to documentation that needs no network', async () => {
    const { uri } = await open('first', 'src/documented.ts', leakyFile);
    const [leak] = await leaksIn(uri, 1);
    const target = typeof leak?.code === 'object' ? leak.code.target.toString() : '';
    assert.match(target, /^command:leakproof\.explainRule/);
  });

  it('follow the text that is typed, saved or not', async () => {
    const document = await open('first', 'src/typed.ts', 'export {};\n');
    await leaksIn(document.uri, 0);
    await retype(document, leakyFile);
    await leaksIn(document.uri, 1);
    await retype(document, leakyFile.replace('if (rows.length === 0) return undefined;\n', ''));
    await retype(document, 'export {};\n');
    await leaksIn(document.uri, 0);
    await retype(document, leakyFile);
    await leaksIn(document.uri, 1);
    assert.ok(document.isDirty);
  });

  it('are not repeated in a hover, which tells what became of what does not leak', async () => {
    const document = await open('first', 'src/hover.ts', leakyFile);
    const [leak] = await leaksIn(document.uri, 1);
    assert.ok(leak);
    const { start } = leak.range;
    const said = async () => {
      const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, start);
      const contents = hovers.flatMap((it) => it.contents).map((it) => (typeof it === 'string' ? it : it.value));
      return contents.find((it) => it.includes('pooled client'));
    };
    assert.equal(await said(), undefined);
    const lines = leakyFile.split('\n');
    await retype(document, [...lines.slice(0, 6), '  client.release();', '  return id;', '}', ''].join('\n'));
    await leaksIn(document.uri, 0);
    assert.match(await eventually('a hover', said), /released on every path/);
  });

  it('are counted by the status item', async () => {
    const { uri } = await open('first', 'src/status.ts', leakyFile);
    await leaksIn(uri, 1);
    const api = await extension();
    await eventually('the count', () => (api.status.text === 'Leaks: 1' && !api.status.busy ? true : undefined)).catch(
      () => assert.fail(`the status is ${JSON.stringify(api.status)}`),
    );
    assert.match(api.status.detail, /\d+\.\d+\.\d+/);
  });
});
