import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { applyTextEdits } from '../../server/analysis/edit.ts';
import { analyse, recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

/** A server that streams answers as a language model would: slowly, with a context that it holds meanwhile. */
const program = (parameters: string, wait: string): string => `import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

let live = 0;
const completed = [];

async function* answer(${parameters}) {
  const context = Array.from({ length: 20_000 }, (_, index) => index + Math.random());
  live += 1;
  try {
    for (let token = 0; token < length; token++) {
      await ${wait};
      yield \`\${context[token]} \`;
    }
  } finally {
    live -= 1;
  }
}

const answers = createServer(async (req, res) => {
  const query = new URL(req.url, 'http://localhost').searchParams;
  for await (const token of answer(Number(query.get('length')))) {
    res.write(token);
  }
  res.end();
  completed.push(query.get('id'));
});

const figures = createServer((_req, res) => {
  gc();
  res.end(JSON.stringify({ live, heap: process.memoryUsage().heapUsed, completed }));
});

answers.listen(0, '127.0.0.1', () =>
  figures.listen(0, '127.0.0.1', () => console.log(answers.address().port, figures.address().port)),
);
`;

/** What the work offers to stop it: a signal, or only the loop around it. */
const variants: readonly (readonly [name: string, text: string])[] = [
  ['work that takes a signal', program('length, signal', 'sleep(50, undefined, { signal })')],
  ['work that takes none', program('length', 'sleep(50)')],
];

const leaving = 300;
const staying = 20;

interface Figures {
  readonly live: number;
  readonly heap: number;
  readonly completed: readonly string[];
}

function repaired(text: string): string {
  const path = `${root}/src/server.mjs`;
  const host = new MemoryHost([[path, text]]);
  const { analysis, results } = analyse(host, [path], recommended);
  const finding = results.get(path)?.findings.find(({ rule }) => rule === 'no-abort-on-disconnect');
  const fix = finding?.fixes[0];
  assert.ok(fix, 'the handler is reported, with a fix');
  const resolved = analysis.resolveFix(path, recommended, fix);
  assert.ok('edit' in resolved, JSON.stringify(resolved));
  return applyTextEdits(text, resolved.edit.files[0]?.edits ?? []);
}

/** Reads an answer to its end, or leaves some time after it has begun. */
function visit(url: string, leaveAfter: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      const timer = leaveAfter === undefined ? undefined : setTimeout(() => request.destroy(), leaveAfter);
      response.on('error', () => {});
      response.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      response.resume();
    });
    request.on('error', reject);
  });
}

describe('clients that leave', () => {
  let directory = '';
  let child: ChildProcessByStdio<null, Readable, null> | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'leakproof-clients-'));
  });
  afterEach(() => {
    child?.kill('SIGKILL');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** What is left of the clients that left, and the answers that were completed. */
  async function run(text: string): Promise<{ readonly before: Figures; readonly after: Figures }> {
    const path = join(directory, 'server.mjs');
    await writeFile(path, text);
    child = spawn(process.execPath, ['--expose-gc', path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const [answers, figures] = line.split(' ').map((port) => `http://127.0.0.1:${port}/`) as [string, string];
    const look = async (): Promise<Figures> => (await fetch(figures)).json() as Promise<Figures>;
    const before = await look();
    const readers = Array.from({ length: staying }, (_, id) => visit(`${answers}?length=10&id=${id}`, undefined));
    for (let n = 0; n < leaving; n += 50) {
      await Promise.all(Array.from({ length: 50 }, () => visit(`${answers}?length=2000&id=gone`, 100)));
    }
    await Promise.all(readers);
    let after = await look();
    // Whoever only asks in each turn needs one more turn.
    for (let turn = 0; turn < 20 && after.live > 0; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      after = await look();
    }
    return { before, after };
  }

  for (const [name, text] of variants) {
    it(`${name}: goes on for every one of them, and ends after the fix`, async function () {
      this.timeout(60_000);
      const fixed = repaired(text);
      const broken = await run(text);
      assert.equal(broken.after.live, leaving, 'every client that left leaves its work behind');
      const grown = broken.after.heap - broken.before.heap;
      assert.ok(grown > leaving * 100_000, `the heap grows with each of them: ${grown}`);
      child?.kill('SIGKILL');
      const mended = await run(fixed);
      assert.equal(mended.after.live, 0, fixed);
      const kept = mended.after.heap - mended.before.heap;
      assert.ok(kept < grown / 10, `the heap is as before: ${kept} of ${grown}`);
      assert.deepEqual(
        [...mended.after.completed].sort(),
        Array.from({ length: staying }, (_, id) => String(id)).sort(),
        'every completed answer is counted once, and no other',
      );
    });
  }
});
