import assert from 'node:assert/strict';
import { stage } from './support/stage.ts';

const pool = `export class Pool {
  private free: object[] = [];
  acquire(): object {
    return this.free.pop() ?? createObject();
  }
  giveBack(item: object): void {
    this.free.push(item);
  }
}
function createObject(): object {
  return {};
}
`;
const user = `import { Pool } from './pool.js';
const pool = new Pool();
export function use(): void {
  const item = pool.acquire();
  pool.giveBack(item);
}
`;

describe('who calls whom', function () {
  this.timeout(60_000);
  const on = stage();

  it('follows edits of other files, saved or not', async () => {
    const box = on.project({ '.git/HEAD': '', 'src/pool.ts': pool, 'src/use.ts': user });
    const client = await on.start({ folders: [box.path] });
    client.open(box.at('src/pool.ts'), pool);
    client.open(box.at('src/use.ts'), user);
    assert.deepEqual(await client.settled(box.at('src/pool.ts')), []);
    client.edit(box.at('src/use.ts'), '  pool.giveBack(item);', '  console.log(item);');
    const [finding] = await client.until(box.at('src/pool.ts'), (items) => items.length > 0);
    assert.equal(finding?.code, 'dead-release');
    assert.equal(finding?.range.start.line, 5);
    client.edit(box.at('src/use.ts'), '  console.log(item);', '  pool.giveBack(item);');
    await client.until(box.at('src/pool.ts'), (items) => items.length === 0);
    // A file that nobody has open takes over.
    client.edit(box.at('src/use.ts'), '  pool.giveBack(item);', '  console.log(item);');
    await client.until(box.at('src/pool.ts'), (items) => items.length > 0);
    box.write({ 'src/other.ts': user });
    client.changedOnDisk(box.at('src/other.ts'));
    await client.until(box.at('src/pool.ts'), (items) => items.length === 0);
  });
});
