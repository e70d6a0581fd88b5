import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyTextEdits } from '../../server/analysis/edit.ts';
import { analyse, recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';
import { authority, type Peer, Peers } from './peers.ts';
import { type Program, programs } from './waitPrograms.ts';

/** The libraries that the programs use, as installed for the tests. */
const libraries = fileURLToPath(new URL('../../../test/resources/node_modules', import.meta.url));
const packages = { axios: '1.21.1', got: '14.6.5', undici: '7.30.2', ws: '8.23.0' };

/** The bound that fixes write. */
const timeoutMs = 500;
/** How long a program that hangs is watched: several times the bound. */
const patience = 2500;
/** How long one that ends may take on a busy machine. */
const limit = 30_000;
/** How many programs run side by side: they wait, they do not work. */
const width = 8;

const path = `${root}/src/case.mjs`;
const options = { ...recommended, timeoutMs };

/** What Leakproof makes of a program: the same where it has nothing to say. */
function repaired({ text, rule }: Program): string {
  const { analysis, results } = analyse(new MemoryHost([[path, text]], { packages }), [path], options);
  const findings = results.get(path)?.findings ?? [];
  assert.deepEqual(
    findings.map((finding) => finding.rule),
    rule === undefined ? [] : [rule],
  );
  if (rule === undefined) return text;
  const fix = findings[0]?.fixes[0];
  assert.ok(fix);
  const resolved = analysis.resolveFix(path, options, fix);
  assert.ok('edit' in resolved, JSON.stringify(resolved));
  return applyTextEdits(text, resolved.edit.files[0]?.edits ?? []);
}

/** Runs a limited number of jobs at a time, in the order in which they are asked for. */
class Lanes {
  readonly #waiting: (() => void)[] = [];
  #free = width;

  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

(process.platform === 'linux' ? describe : describe.skip)('waits as they run', () => {
  const peers = new Peers();
  const lanes = new Lanes();
  let directory = '';
  let files = 0;
  let ready: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    ready = resolve;
  });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'leakproof-waits-'));
    await symlink(libraries, join(directory, 'node_modules'));
    await peers.start();
    ready();
  });

  after(async () => {
    peers.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** What a program prints; it is killed when it has not ended in time. */
  async function run(text: string, peer: Peer, within: number): Promise<string> {
    files += 1;
    const file = join(directory, `case${files}.mjs`);
    await writeFile(file, text);
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority, HOST: '127.0.0.1', PORT: String(peers.port(peer)) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += String(data);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), within);
    const killed = await new Promise<boolean>((resolve) =>
      child.once('close', (_code, signal) => resolve(signal !== null)),
    );
    clearTimeout(timer);
    return killed ? `${output}hangs` : output;
  }

  /** The program as it is and as it is repaired, side by side with all others. */
  function start(program: Program, peer: Peer): Promise<readonly [string, string]> {
    const outcome = started.then(async () => {
      const fixed = repaired(program);
      return Promise.all([
        program.rule === undefined ? 'hangs' : lanes.run(() => run(program.text, peer, patience)),
        lanes.run(() => run(fixed, peer, limit)),
      ]);
    });
    // Its own test tells.
    outcome.catch(() => {});
    return outcome;
  }

  for (const program of programs) {
    for (const peer of program.peers) {
      const outcome = start(program, peer);
      it(`${program.name}, ${peer}`, async function () {
        this.timeout(60_000);
        const [asWritten, asRepaired] = await outcome;
        assert.equal(asWritten, 'hangs');
        assert.match(asRepaired, /^ended \w*Error .*sockets left 0\n$/);
      });
    }
  }
});
