import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { eventually, extension, leaksIn, leakyFile, open, retype } from './support.ts';

describe('a server', () => {
  it('that is killed is started again, and findings come back', async () => {
    const document = await open('first', 'src/killed.ts', leakyFile);
    await leaksIn(document.uri, 1);
    await kill();
    await retype(document, `${leakyFile}\n// edited\n`);
    await leaksIn(document.uri, 1);
    await retype(document, 'export {};\n');
    await leaksIn(document.uri, 0);
  });

  it('that is killed again and again is left alone, and says so until somebody restarts it', async () => {
    const document = await open('first', 'src/crashing.ts', leakyFile);
    await leaksIn(document.uri, 1);
    const api = await extension();
    while (api.status.text !== 'Leakproof is not running') await kill();
    assert.match(api.status.detail, /crashed 5 times/);
    assert.equal(api.serverPid, undefined);
    await commands.executeCommand('leakproof.restartServer');
    await retype(document, `${leakyFile}\n// edited\n`);
    await leaksIn(document.uri, 1);
    assert.notEqual(api.status.text, 'Leakproof is not running');
  });

  it('can be restarted at any time', async () => {
    const document = await open('first', 'src/restarted.ts', leakyFile);
    await leaksIn(document.uri, 1);
    const { serverPid } = await extension();
    await commands.executeCommand('leakproof.restartServer');
    assert.notEqual((await extension()).serverPid, serverPid);
    await leaksIn(document.uri, 1);
  });
});

/** Kills the server and waits until another one runs, or none. */
async function kill(): Promise<void> {
  const api = await extension();
  const pid = await eventually('a process', () => api.serverPid);
  process.kill(pid, 'SIGKILL');
  await eventually('an end', () => {
    if (api.status.text === 'Leakproof is not running') return true;
    const settled = api.serverPid !== undefined && api.serverPid !== pid && !/starting/.test(api.status.detail);
    return settled ? true : undefined;
  });
}
