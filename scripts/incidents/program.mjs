import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const probe = new URL('./probe.mjs', import.meta.url).href;
const pageSize = 4096;

/** A running program of an incident, looked at from outside all the time. */
export class Program {
  /** What was seen, in order: descriptors, memory, and what the probe tells. */
  samples = [];
  lines = [];
  /** The exit status or the signal that ended it. */
  end = undefined;
  /** What its health module says: how often it was well, and what it complained about first. */
  health = { well: 0, complaint: undefined };
  #child;
  #isStopping = false;
  #timer;
  #inside = {};
  #waiting = new Set();

  /** Starts a program under a limit of descriptors; `port` is a free one. */
  static async start(file, { cwd, descriptors, port, healthPort, env = {}, flags = [] }) {
    const program = new Program();
    const args = [`ulimit -n ${descriptors}; exec "$@"`, 'sh', process.execPath, ...flags];
    program.#child = spawn('sh', ['-c', ...args, '--enable-source-maps', '--import', probe, file], {
      cwd,
      env: { ...process.env, PORT: String(port), HEALTH_PORT: String(healthPort), ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    program.port = port;
    program.#watch();
    program.#watchHealth(healthPort);
    return program;
  }

  #watch() {
    const child = this.#child;
    const startedAt = performance.now();
    child.on('message', (inside) => {
      this.#inside = inside;
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        for (const waiting of [...this.#waiting]) waiting(line);
      });
    }
    child.once('exit', (code, signal) => {
      clearInterval(this.#timer);
      this.end = signal ?? code;
      for (const waiting of [...this.#waiting]) waiting(undefined);
    });
    this.#timer = setInterval(() => {
      const outside = outsideOf(child.pid);
      if (outside) this.samples.push({ at: performance.now() - startedAt, ...outside, ...this.#inside });
    }, 25);
  }

  /** Asks for its health as an orchestrator does, only more often. */
  async #watchHealth(port) {
    while (this.end === undefined && !this.#isStopping) {
      const answer = await ask(port, '/healthz', 500);
      if (answer === 'ok\n') this.health.well += 1;
      else if (answer !== undefined) this.health.complaint ??= answer.trim().split('\n')[0];
      await sleep(40);
    }
  }

  get pid() {
    return this.#child.pid;
  }

  /** Waits for a line that it prints; `undefined` when it ended or the time is over. */
  line(pattern, ms = 5000) {
    return new Promise((resolve) => {
      if (this.end !== undefined) return resolve(undefined);
      const done = (line) => {
        this.#waiting.delete(hear);
        clearTimeout(timer);
        resolve(line);
      };
      const hear = (line) => {
        if (line === undefined || pattern.test(line)) done(line);
      };
      const timer = setTimeout(done, ms, undefined);
      this.#waiting.add(hear);
    });
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** Ends it as an operator would; what it ended with, or `hung` when it had to be killed. */
  async stop(ms = 3000) {
    this.#isStopping = true;
    clearInterval(this.#timer);
    if (this.end !== undefined) return this.end;
    const ended = once(this.#child, 'exit');
    this.signal('SIGTERM');
    if (await Promise.race([ended, sleep(ms, false, { ref: false })])) return this.end;
    this.signal('SIGKILL');
    await ended;
    return 'hung';
  }

  /** Asks the program over HTTP, on a connection of its own; the text, or `undefined` without an answer. */
  get(path, ms = 1000) {
    return ask(this.port, path, ms);
  }
}

function ask(port, path, ms) {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, timeout: ms }, (response) => {
      text(response).then(resolve, () => resolve(undefined));
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}

/** What the system says of a process. */
function outsideOf(pid) {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    const memory = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageSize;
    return { descriptors, memory };
  } catch {
    return undefined;
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
