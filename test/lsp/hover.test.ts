import assert from 'node:assert/strict';
import type { Hover } from 'vscode-languageserver/node';
import { placeOf, uri } from './support/client.ts';
import { leaking } from './support/project.ts';
import { stage } from './support/stage.ts';

describe('hovering', function () {
  this.timeout(60_000);
  const on = stage();

  it('tells what a rule reports, and what became of an acquisition', async () => {
    const box = on.project({});
    const path = box.at('a.ts');
    const text = leaking().replace(
      '  const client',
      '  // leakproof-ignore unreturned-pool-get -- why\n  const client',
    );
    const client = await on.start({ folders: [box.path] });
    client.open(path, text);
    await client.settled(path);
    const hover = async (part: string): Promise<string | undefined> => {
      const position = placeOf(client.text(path), part).start;
      const found = await client.rpc.request<Hover | null>('textDocument/hover', {
        textDocument: { uri: uri(path) },
        position,
      });
      return (found?.contents as { value: string } | undefined)?.value;
    };
    assert.match((await hover('unreturned-pool-get')) ?? '', /\*\*unreturned-pool-get\*\*.*\n[\s\S]*\(https:/);
    assert.match((await hover('connect()')) ?? '', /from `Pool#connect`: not released on every path/);
    assert.equal(await hover('rows.length'), undefined);
    // What a diagnostic says is not repeated.
    client.edit(path, '-ignore', '-ignored');
    assert.equal((await client.diagnostics(path)).length, 2);
    assert.equal(await hover('connect()'), undefined);
  });
});
