import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  createSupervisionMemory,
  type Deadlines,
  type Supervisor,
  supervise,
} from '../../../server/project/types/supervise.ts';
import { createTypeTier } from '../../../server/project/types/tier.ts';
import { createFixture, declarations, type Fixture } from './support.ts';
import type { TierAnswer, TierCommand } from './tierWorker.ts';

const tsconfig = '{ "compilerOptions": { "module": "nodenext", "lib": ["es2022"], "types": [] } }';
const text = `import { Pool } from 'pg'; new Pool().«connect»();`;
const connect = ['pg@8.15.4 Pool.connect'];
const patient: Deadlines = { opening: 60_000, question: 60_000 };

/** Whether a process still runs; one that ended but was not collected yet does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^State:\s+[ZX]/m.test(statusOf(pid));
}

/** Stops a process. The signal takes effect some time after it was sent, and until then the process still answers. */
async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  for (let tries = 0; tries < 200 && !/^State:\s+T/m.test(statusOf(pid)); tries += 1) {
    await delay(10);
  }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

async function ended(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && isRunning(pid); tries += 1) {
    await delay(25);
  }
  return !isRunning(pid);
}

class SupervisedTier {
  static readonly #running = new Set<SupervisedTier>();
  readonly #memory = createSupervisionMemory();
  readonly #supervisor: Supervisor;
  readonly worker: Worker;

  constructor(deadlines: Deadlines) {
    this.#supervisor = supervise(this.#memory, deadlines);
    this.worker = new Worker(new URL('./tierWorker.js', import.meta.url), { workerData: { memory: this.#memory } });
    SupervisedTier.#running.add(this);
  }

  /** A failed test must not leave anything behind that keeps the next ones waiting. */
  static async stopAll(): Promise<void> {
    for (const tier of SupervisedTier.#running) {
      tier.stop();
      await tier.worker.terminate();
    }
    SupervisedTier.#running.clear();
  }

  /** The running child. Never 0, which would address this very process and its group. */
  get pid(): number {
    const pid = Atomics.load(new Int32Array(this.#memory), 0);
    assert.ok(pid > 0, 'no child is running');
    return pid;
  }

  async send(command: TierCommand): Promise<TierAnswer> {
    this.worker.postMessage(command);
    const [answer] = (await once(this.worker, 'message')) as [TierAnswer];
    return answer;
  }

  stop(): void {
    this.#supervisor.stop();
  }
}

describe('the process behind the type tier', () => {
  let fixture: Fixture;
  let path: string;

  before(() => {
    fixture = createFixture({ 'tsconfig.json': tsconfig, 'main.ts': text });
    path = fixture.path('main.ts');
  });
  afterEach(() => SupervisedTier.stopAll());
  after(() => fixture.remove());

  describe('a compiler that dies', () => {
    it('is started again twice, and then replaced by TypeScript 6', () => {
      const children: number[] = [];
      const started = (pid: number | undefined) => {
        if (pid !== undefined) {
          children.push(pid);
        }
      };
      const tier = createTypeTier({ watch: { started, begin() {}, end() {} } });
      const answers = [0, 1, 2, 3, 4].map(() => {
        const answer = [...declarations(tier, path, text), tier.backend, String(tier.problems().length)];
        const child = children.at(-1);
        if (tier.backend === 'native' && child !== undefined) {
          process.kill(child, 'SIGKILL');
        }
        return answer;
      });
      tier.close();
      assert.deepEqual(answers, [
        [...connect, 'native', '0'],
        [...connect, 'native', '0'],
        [...connect, 'native', '0'],
        [...connect, 'typescript6', '1'],
        [...connect, 'typescript6', '1'],
      ]);
      assert.equal(new Set(children).size, 3);
    });

    it('is replaced when it is no compiler at all', () => {
      fixture.write('impostor', '#!/bin/sh\nexit 3\n');
      chmodSync(fixture.path('impostor'), 0o755);
      const tier = createTypeTier({ executable: fixture.path('impostor') });
      assert.deepEqual(declarations(tier, path, text), connect);
      assert.equal(tier.backend, 'typescript6');
      tier.close();
      const missing = createTypeTier({ executable: '/nowhere/tsc' });
      assert.deepEqual(declarations(missing, path, text), connect);
      assert.equal(missing.problems().length, 1);
      missing.close();
    });

    it('after a question was expected, and before it came, is started again', async () => {
      const children: (number | undefined)[] = [];
      const tier = createTypeTier({ watch: { started: (pid) => children.push(pid), begin() {}, end() {} } });
      declarations(tier, path, text);
      const [child] = children.splice(0);
      const moved = `\n${text}`;
      tier.update(new Map([[path, moved.replaceAll(/[«»]/g, '')]]));
      tier.expect(path);
      process.kill(Number(child), 'SIGKILL');
      assert.ok(await ended(Number(child)));
      assert.deepEqual(declarations(tier, path, moved), connect);
      assert.equal(tier.backend, 'native');
      assert.deepEqual(children.filter(Boolean).length, 1);
      tier.close();
    });

    it('in the middle of a question is started again', async () => {
      const tier = new SupervisedTier(patient);
      assert.deepEqual((await tier.send({ kind: 'ask', path, text })).declarations, connect);
      const child = tier.pid;
      await stop(child);
      const answer = tier.send({ kind: 'ask', path, text });
      await delay(200);
      process.kill(child, 'SIGKILL');
      assert.deepEqual(await answer, { declarations: connect, backend: 'native', problems: [] });
      assert.notEqual(tier.pid, child);
      await tier.send({ kind: 'close' });
      tier.stop();
    });
  });

  describe('a compiler that hangs', () => {
    for (const call of ['question', 'opening'] as const) {
      it(`is killed at the deadline of an ${call === 'opening' ? 'opening' : 'ordinary question'}`, async () => {
        const deadlines = { opening: 60_000, question: 60_000 };
        const tier = new SupervisedTier(deadlines);
        await tier.send({ kind: 'ask', path, text });
        const child = tier.pid;
        const moved = call === 'opening' ? `\n${text}` : text;
        await tier.send({ kind: 'change', path, text: moved.replaceAll(/[«»]/g, '') });
        if (call === 'question') {
          await tier.send({ kind: 'ask', path, text });
        }
        await stop(child);
        const answer = tier.send({ kind: 'ask', path, text: moved });
        // Only the stopped child is to be in a hurry, not its successor on a busy machine.
        deadlines[call] = 200;
        assert.ok(await ended(child));
        deadlines[call] = 60_000;
        assert.deepEqual(await answer, { declarations: connect, backend: 'native', problems: [] });
        assert.notEqual(tier.pid, child);
        await tier.send({ kind: 'close' });
        tier.stop();
      });
    }

    it('is not suspected while nobody asks', async () => {
      const tier = new SupervisedTier({ opening: 60_000, question: 1000 });
      await tier.send({ kind: 'ask', path, text });
      const child = tier.pid;
      await delay(1500);
      await tier.send({ kind: 'ask', path, text });
      assert.equal(tier.pid, child);
      assert.ok(isRunning(child));
      await tier.send({ kind: 'close' });
      tier.stop();
    });
  });

  describe('the end of the type tier', () => {
    it('leaves no process, not even a stopped one, and answers nothing afterwards', async () => {
      for (const stopped of [false, true]) {
        const children: (number | undefined)[] = [];
        const tier = createTypeTier({ watch: { started: (pid) => children.push(pid), begin() {}, end() {} } });
        declarations(tier, path, text);
        const child = Number(children[0]);
        assert.ok(isRunning(child));
        if (stopped) {
          await stop(child);
        }
        tier.close();
        tier.close();
        assert.ok(await ended(child));
        assert.deepEqual(declarations(tier, path, text), ['?']);
      }
    });

    it('lets the supervisor end the child of a worker that was terminated', async () => {
      const tier = new SupervisedTier(patient);
      await tier.send({ kind: 'ask', path, text });
      const child = tier.pid;
      await tier.worker.terminate();
      tier.stop();
      assert.ok(await ended(child));
    });

    for (const ending of ['SIGTERM', 'SIGKILL', 'exit with a stopped child'] as const) {
      it(`leaves no process when the main process ends by ${ending}`, async () => {
        const script = fileURLToPath(new URL('./tierProcess.js', import.meta.url));
        const main = spawn(process.execPath, [script, path, ending], { stdio: ['ignore', 'pipe', 'inherit'] });
        const [line] = (await once(createInterface(main.stdout), 'line')) as [string];
        const child = Number(line);
        assert.ok(child > 0);
        if (ending !== 'exit with a stopped child') {
          assert.ok(isRunning(child));
          main.kill(ending);
        }
        assert.ok(await ended(child));
      });
    }
  });
});
