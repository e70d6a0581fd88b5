import assert from 'node:assert/strict';
import { workspace } from 'vscode';
import { runSuite } from './runSuite.ts';
import { leaksIn, leakyFile, open, write } from './support.ts';

/** The entry that the extension host runs in a workspace that nobody has trusted. */
export function run(): Promise<void> {
  return runSuite(async () => {
    describe('a workspace that is not trusted', () => {
      it('is not trusted', () => assert.equal(workspace.isTrusted, false));

      it('is checked, because no code of it is run', async () => {
        const document = await open('first', 'src/leak.ts', leakyFile);
        await leaksIn(document.uri, 1);
      });

      it('cannot name the configuration in its settings', async () => {
        assert.equal(workspace.getConfiguration('leakproof').get('configPath'), '');
        await write('first', 'off.jsonc', '{ "rules": { "unreturned-pool-get": "off" } }');
        const document = await open('first', 'src/other.ts', leakyFile);
        await leaksIn(document.uri, 1);
      });
    });
  });
}
