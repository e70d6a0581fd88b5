import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EngineClient } from '../../server/project/engine/engineClient.ts';
import type { CheckOutcome, CheckRequest } from '../../server/project/engine/protocol.ts';

const files = 40;
const worker = pathToFileURL('dist/worker.mjs');
/** Short enough to wait for in a test, long enough for a compiler that works. */
const deadlines = { opening: 8_000, question: 4_000 };

const declarations = `
  export interface PoolClient { query(text: string): Promise<unknown>; release(): void }
  export class Pool { connect(): Promise<PoolClient> }
`;

/** Only types tell that \`deps.store\` is a pool of pg. */
const leak = (index: number): string => `
  import type { Deps } from './deps.js';
  type Store = Deps['store'];
  export async function leak${index}(store: Store) {
    const client = await store.connect();
    return client.query('select ${index}');
  }
`;

async function project(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'leakproof-loss-'));
  await mkdir(join(root, 'node_modules/pg'), { recursive: true });
  await writeFile(
    join(root, 'node_modules/pg/package.json'),
    '{ "name": "pg", "version": "8.0.0", "types": "index.d.ts" }',
  );
  await writeFile(join(root, 'node_modules/pg/index.d.ts'), declarations);
  await writeFile(join(root, 'package.json'), '{ "name": "service", "type": "module" }');
  await writeFile(join(root, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext", "strict": true } }');
  await writeFile(join(root, 'deps.ts'), `import type { Pool } from 'pg';\nexport interface Deps { store: Pool }\n`);
  for (let index = 0; index < files; index++) await writeFile(join(root, `leak${index}.ts`), leak(index));
  return root;
}

const request = (root: string): CheckRequest => ({
  cwd: root,
  paths: [root],
  gitIgnore: true,
  errorOnUnmatched: true,
  stdin: undefined,
  config: undefined,
  preset: undefined,
  types: 'auto',
  fix: undefined,
  listFixes: false,
  sources: false,
});

/** The native compilers that this process has started and that run. */
function compilers(): readonly number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      const isOurs = fields[1] === String(process.pid) && fields[0] !== 'Z';
      return isOurs && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('--api') ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** Checks while `disturb` is done to every compiler that shows up, `times` times at most. */
async function check(root: string, disturb?: NodeJS.Signals, times = 0): Promise<CheckOutcome & { disturbed: number }> {
  const client = new EngineClient(worker, () => {}, deadlines);
  const seen = new Set<number>();
  let running = true;
  const watching = (async () => {
    while (running && disturb) {
      for (const pid of compilers()) {
        if (seen.has(pid) || seen.size >= times) continue;
        seen.add(pid);
        process.kill(pid, disturb);
      }
      await delay(1);
    }
  })();
  try {
    return { ...(await client.check(request(root))), disturbed: seen.size };
  } finally {
    running = false;
    await watching;
    await client.close();
  }
}

const essence = ({ findings, coverage, errors, parsed }: CheckOutcome) => ({
  findings: findings.map(({ path, rule, start, confidence }) => ({ path, rule, start, confidence })),
  coverage,
  errors,
  parsed,
});

describe('a check whose compiler is lost', function () {
  this.timeout(120_000);
  let root: string;
  let undisturbed: CheckOutcome;

  before(async () => {
    root = await project();
    undisturbed = await check(root);
    assert.equal(undisturbed.backend, 'native');
    assert.equal(undisturbed.findings.length, files);
  });

  after(async () => {
    await rm(root, { recursive: true, force: true });
  });

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    it(`ends complete after ${signal}`, async () => {
      const outcome = await check(root, signal, 1);
      assert.equal(outcome.disturbed, 1, 'no compiler was there to be disturbed');
      assert.deepEqual(essence(outcome), essence(undisturbed));
      assert.deepEqual(compilers(), []);
    });
  }

  it('ends complete, and says who answered, when every compiler is killed', async () => {
    const outcome = await check(root, 'SIGKILL', Number.POSITIVE_INFINITY);
    assert.equal(outcome.backend, 'typescript6');
    assert.deepEqual(essence(outcome).findings, essence(undisturbed).findings);
    assert.deepEqual(essence(outcome).coverage, essence(undisturbed).coverage);
  });
});
