import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyTextEdits } from '../../server/analysis/edit.ts';
import { analyse, recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

/** What a peer does once it has accepted. */
type Peer = 'silent' | 'headers';

interface Program {
  readonly name: string;
  readonly peer: Peer;
  readonly rule: string;
  /** Waits for `process.env.HOST` and `process.env.PORT`, and calls `end(error)`. */
  readonly text: string;
}

/** Tells how many sockets are left when the wait is over. */
const prelude = `import { readdirSync, readlinkSync } from 'node:fs';
const { HOST, PORT } = process.env;
const sockets = () => readdirSync('/proc/self/fd').filter((fd) => { try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; } }).length;
const before = sockets();
const told = (error) => console.log('ended', error?.name ?? 'without an error', error?.message ?? '', 'sockets left', sockets() - before);
const end = (error, tries = 50) => setTimeout(() => (sockets() > before && tries > 0 ? end(error, tries - 1) : told(error)), 100);
`;

const programs: readonly Program[] = [
  {
    name: 'fetch, no answer',
    peer: 'silent',
    rule: 'request-without-timeout',
    text: `${prelude}fetch(\`http://\${HOST}:\${PORT}/\`).then((response) => response.text()).then(() => end(), (error) => end(error));\n`,
  },
  {
    name: 'fetch, a body that stalls',
    peer: 'headers',
    rule: 'request-without-timeout',
    text: `${prelude}fetch(\`http://\${HOST}:\${PORT}/\`).then((response) => response.text()).then(() => end(), (error) => end(error));\n`,
  },
  {
    name: 'http.request',
    peer: 'silent',
    rule: 'request-without-timeout',
    text: `import http from 'node:http';\n${prelude}const req = http.request(\`http://\${HOST}:\${PORT}/\`, (res) => res.resume());\nreq.on('error', (error) => end(error));\nreq.end();\n`,
  },
  {
    name: 'http.request with a timeout that only emits',
    peer: 'silent',
    rule: 'timeout-without-destroy',
    text: `import http from 'node:http';\n${prelude}const req = http.request(\`http://\${HOST}:\${PORT}/\`, { timeout: 300 }, (res) => res.resume());\nreq.on('error', (error) => end(error));\nreq.end();\n`,
  },
  {
    name: 'https.request, no handshake',
    peer: 'silent',
    rule: 'request-without-timeout',
    text: `import https from 'node:https';\n${prelude}const req = https.request(\`https://\${HOST}:\${PORT}/\`, (res) => res.resume());\nreq.on('error', (error) => end(error));\nreq.end();\n`,
  },
  {
    name: 'net.connect',
    peer: 'silent',
    rule: 'socket-without-timeout',
    text: `import net from 'node:net';\n${prelude}const socket = net.connect({ host: HOST, port: Number(PORT) });\nsocket.on('error', (error) => end(error));\nsocket.write('hello');\n`,
  },
  {
    name: 'tls.connect, no handshake',
    peer: 'silent',
    rule: 'socket-without-timeout',
    text: `import tls from 'node:tls';\n${prelude}const socket = tls.connect({ host: HOST, port: Number(PORT) });\nsocket.on('error', (error) => end(error));\n`,
  },
];

/** How long a program that hangs is watched; the repaired one has a third of it. */
const patience = 1500;

function repaired({ text, rule }: Program): string {
  const path = `${root}/src/case.mjs`;
  const host = new MemoryHost([[path, text]]);
  const options = { ...recommended, timeoutMs: 500 };
  const { analysis, results } = analyse(host, [path], options);
  const findings = results.get(path)?.findings ?? [];
  assert.deepEqual(
    findings.map((finding) => finding.rule),
    [rule],
  );
  const fix = findings[0]?.fixes[0];
  assert.ok(fix);
  const resolved = analysis.resolveFix(path, options, fix);
  assert.ok('edit' in resolved);
  return applyTextEdits(text, resolved.edit.files[0]?.edits ?? []);
}

(process.platform === 'linux' ? describe : describe.skip)('waits as they run', () => {
  let directory = '';
  const servers = new Map<Peer, net.Server>();
  const accepted = new Set<net.Socket>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'leakproof-waits-'));
    for (const peer of ['silent', 'headers'] as const) {
      const server = net.createServer((socket) => {
        accepted.add(socket.on('error', () => {}));
        if (peer === 'headers') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      servers.set(peer, server);
    }
  });

  after(async () => {
    for (const socket of accepted) socket.destroy();
    for (const server of servers.values()) server.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** What a program prints; it is killed when it has not ended in time. */
  async function run(text: string, peer: Peer, within: number): Promise<string> {
    const path = join(directory, 'case.mjs');
    await writeFile(path, text);
    const { port } = (servers.get(peer) as net.Server).address() as net.AddressInfo;
    const child = spawn(process.execPath, [path], {
      env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) },
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

  for (const program of programs) {
    it(program.name, async function () {
      this.timeout(60_000);
      const fixed = repaired(program);
      assert.equal(await run(program.text, program.peer, patience), 'hangs');
      const outcome = await run(fixed, program.peer, 30_000);
      assert.match(outcome, /^ended \w*Error .*sockets left 0\n$/, `${outcome} of ${fixed}`);
    });
  }
});
