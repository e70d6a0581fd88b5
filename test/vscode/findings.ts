import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode';
import { codeOf, eventually, extension, hoverWith, leaksIn, leakyFile, open, ours, retype, rule } from './support.ts';

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
    const said = () => hoverWith('pooled client', document.uri, leak.range.start);
    assert.equal(await said(), undefined);
    const lines = leakyFile.split('\n');
    await retype(document, [...lines.slice(0, 6), '  client.release();', '  return id;', '}', ''].join('\n'));
    await leaksIn(document.uri, 0);
    assert.match(await eventually('a hover', said), /released on every path/);
  });

  it('that are ignored lead to the page about the rule', async () => {
    const ignored = leakyFile.replace('  const client', `  // leakproof-ignore ${rule} -- meant\n  const client`);
    const document = await open('first', 'src/ignored.ts', ignored);
    await leaksIn(document.uri, 0);
    const at = document.positionAt(ignored.indexOf(rule));
    const link = await eventually('a link', () => hoverWith('Documentation', document.uri, at));
    assert.match(link, /\(command:leakproof\.explainRule\?/);
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
