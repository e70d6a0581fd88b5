import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { builtCli, runNode, Sandbox } from '../cli/support/run.ts';
import { Service } from './support.ts';

/** Each turn of the loop waits for one reload. What it says is counted from outside. */
const program = `import { EventEmitter, once } from 'node:events';

let handled = 0;
let reloads = 0;

async function serve() {
  while (true) {
    const changed = new EventEmitter();
    process.on('SIGHUP', () => {
      handled += 1;
      changed.emit('reload');
    });
    await once(changed, 'reload');
    reloads += 1;
    console.log(JSON.stringify({ listeners: process.listenerCount('SIGHUP'), handled, reloads }));
  }
}

const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', async () => {
  clearInterval(alive);
  const hub = await import('./processSignals.mjs').catch(() => undefined);
  hub?.shutdown();
  console.log(process.listenerCount('SIGHUP'));
});

serve();
console.log('ready');
`;

interface Counts {
  readonly listeners: number;
  readonly handled: number;
  readonly reloads: number;
}

(process.platform === 'win32' ? describe.skip : describe)('a reload loop', () => {
  let box: Sandbox;
  let service: Service;
  beforeEach(() => {
    box = new Sandbox();
    box.write({ 'package.json': '{ "name": "service", "type": "module" }', 'service.mjs': program });
  });
  afterEach(async () => {
    await service.dispose();
    box.dispose();
  });

  /** Sends the signal a hundred times, the next only after the last reload was seen: pending signals merge. */
  async function reloadOften(): Promise<Counts> {
    service = new Service('service.mjs', box.path);
    assert.equal(await service.line(), 'ready');
    let counts: Counts | undefined;
    for (let n = 1; n <= 100; n++) {
      service.signal('SIGHUP');
      counts = JSON.parse(await service.line()) as Counts;
      assert.equal(counts.reloads, n);
    }
    return counts as Counts;
  }

  it('keeps one more handler for each reload, and runs all of them', async () => {
    assert.deepEqual(await reloadOften(), { listeners: 100, handled: 5050, reloads: 100 });
    service.signal('SIGTERM');
    assert.equal(await service.line(), '101', 'all handlers are left, and that of the next turn');
    assert.equal(await service.ended(), 0);
  });

  it('has one handler after the fix, which runs once for each reload, and ends', async () => {
    const { stdout, stderr } = await runNode(builtCli, ['check', '.', '--fix-suggestions'], { cwd: box.path });
    assert.ok(existsSync(box.at('processSignals.mjs')), stdout + stderr);
    assert.deepEqual(await reloadOften(), { listeners: 1, handled: 100, reloads: 100 });
    service.signal('SIGTERM');
    assert.equal(await service.line(), '0', 'no handler is left');
    assert.equal(await service.ended(), 0);
  });

  it('lets a subscriber throw without keeping the others from running', async () => {
    await runNode(builtCli, ['check', '.', '--fix-suggestions'], { cwd: box.path });
    box.write({
      'service.mjs': `import { shutdown, subscribe } from './processSignals.mjs';

const stop = new AbortController();
subscribe('SIGHUP', () => { throw new Error('one'); });
subscribe('SIGHUP', async () => { throw new Error('two'); });
subscribe('SIGHUP', () => console.log('three'));
subscribe('SIGHUP', () => console.log('never'), { signal: stop.signal });
stop.abort();
const alive = setInterval(() => {}, 60_000);
subscribe('SIGTERM', () => { clearInterval(alive); shutdown(); });
console.log('ready');
`,
    });
    service = new Service('service.mjs', box.path);
    assert.equal(await service.line(), 'ready');
    for (let n = 0; n < 2; n++) {
      service.signal('SIGHUP');
      assert.equal(await service.line(), 'three');
    }
    service.signal('SIGTERM');
    assert.equal(await service.ended(), 0);
  });
});
