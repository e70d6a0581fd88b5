import assert from 'node:assert/strict';
import { builtCli, runNode, Sandbox } from '../cli/support/run.ts';
import { Service } from './support.ts';

/** Three callers at once, of a start that fails, and then of one that does not; how often it opened is counted. */
const program = `import { setTimeout as sleep } from 'node:timers/promises';

let opened = 0;
let fails = true;

async function openSession() {
  opened += 1;
  await sleep(10);
  if (fails) throw new Error('refused');
  return { opened };
}

class Client {
  async session() {
    if (this.current) return this.current;
    this.current = await openSession();
    return this.current;
  }
}

const client = new Client();
const callers = async () => {
  const results = await Promise.allSettled([client.session(), client.session(), client.session()]);
  console.log(JSON.stringify([opened, results.map(({ value, reason }) => value?.opened ?? reason.message)]));
};
await callers();
fails = false;
await callers();
await callers();
`;

describe('a start that several callers ask for', () => {
  let box: Sandbox;
  let service: Service | undefined;
  beforeEach(() => {
    box = new Sandbox();
    box.write({ 'package.json': '{ "name": "client", "type": "module" }', 'client.mjs': program });
  });
  afterEach(async () => {
    await service?.dispose();
    box.dispose();
  });

  async function rounds(): Promise<readonly unknown[]> {
    service = new Service('client.mjs', box.path);
    return [JSON.parse(await service.line()), JSON.parse(await service.line()), JSON.parse(await service.line())];
  }
  const refused = ['refused', 'refused', 'refused'];

  it('opens once for each of them', async () => {
    const [failed, opened] = await rounds();
    assert.deepEqual(failed, [3, refused]);
    assert.equal((opened as [number])[0], 6);
  });

  it('opens once for all of them after the repair, and again after a failure', async () => {
    await runNode(builtCli, ['check', '.', '--preset', 'strict', '--fix-suggestions'], { cwd: box.path });
    const { stdout } = await runNode(builtCli, ['check', '.', '--preset', 'strict', '--format', 'unix'], {
      cwd: box.path,
    });
    assert.equal(stdout, '');
    assert.deepEqual(await rounds(), [
      [1, refused],
      [2, [2, 2, 2]],
      [2, [2, 2, 2]],
    ]);
  });
});
