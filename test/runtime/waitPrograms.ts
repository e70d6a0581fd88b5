import type { Peer } from './peers.ts';

export interface Program {
  readonly name: string;
  /** The rule that tells of it; none: it is bounded by its own code, and silent. */
  readonly rule?: string;
  readonly peers: readonly Peer[];
  /** Waits for `HOST` and `PORT`, and calls `end(error)`. */
  readonly text: string;
}

/**
 * Tells how many sockets are left when the wait is over. undici gives up connecting after ten seconds, whoever has aborted
 * the request before: that long it is given.
 */
const prelude = `import { readdirSync, readlinkSync } from 'node:fs';
const { HOST, PORT } = process.env;
const isSocket = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; } };
const sockets = () => readdirSync('/proc/self/fd').filter(isSocket).length;
const before = sockets();
const told = (error) => { console.log('ended', error?.name ?? 'without an error', error?.message ?? '', 'sockets left', sockets() - before); process.exit(); };
const end = (error, tries = 130) => setTimeout(() => (sockets() > before && tries > 0 ? end(error, tries - 1) : told(error)), 100);
`;

const url = `\`http://\${HOST}:\${PORT}/\``;
const secureUrl = `\`https://\${HOST}:\${PORT}/\``;
const promised = '.then(() => end(), (error) => end(error));\n';
const withImport = (line: string, body: string): string => `${line}\n${prelude}${body}`;

const all: readonly Peer[] = ['silent', 'headers', 'stuck'];
const unanswered: readonly Peer[] = ['silent', 'stuck'];
/** The handshake that never completes, and the body that stops behind one that did. */
const secured: readonly Peer[] = ['silent', 'secure'];
const request = 'request-without-timeout';
const socket = 'socket-without-timeout';
const emits = 'timeout-without-destroy';

const answered = `(res) => res.on('error', (error) => end(error)).on('end', () => end()).resume()`;
const sent = `req.on('error', (error) => end(error));\nreq.end();\n`;
const failing = `socket.on('error', (error) => end(error));\n`;

/** Waits that nothing ends. */
const endless: readonly Program[] = [
  {
    name: 'fetch',
    rule: request,
    peers: all,
    text: `${prelude}fetch(${url}).then((response) => response.text())${promised}`,
  },
  {
    name: 'http.request',
    rule: request,
    peers: all,
    text: withImport(`import http from 'node:http';`, `const req = http.request(${url}, ${answered});\n${sent}`),
  },
  {
    name: 'http.request with a timeout that only emits',
    rule: emits,
    peers: unanswered,
    text: withImport(
      `import http from 'node:http';`,
      `const req = http.request(${url}, { timeout: 300 }, ${answered});\n${sent}`,
    ),
  },
  {
    name: 'http.get in a promise, and nobody listens for its error',
    rule: request,
    peers: all,
    text: withImport(
      `import http from 'node:http';`,
      `const load = () => new Promise((resolve, reject) => { if (!PORT) reject(new Error('no port')); http.get(${url}, (res) => res.on('close', resolve).resume()); });\nload()${promised}`,
    ),
  },
  {
    name: 'http.get in a promise that nothing rejects',
    rule: request,
    peers: all,
    text: withImport(
      `import http from 'node:http';`,
      `const load = () => new Promise(resolve => { http.get(${url}, (res) => res.on('close', resolve).resume()); });\nload()${promised}`,
    ),
  },
  {
    name: 'http.request with a callback, and nobody listens for its error',
    rule: request,
    peers: all,
    text: withImport(
      `import http from 'node:http';`,
      `const load = (done) => { const req = http.request(${url}, (res) => res.on('close', () => done(null)).resume()); req.end(); };\nconst timer = setInterval(() => { clearInterval(timer); load((error) => end(error)); }, 10);\n`,
    ),
  },
  {
    name: 'http.request with a timeout that only emits, and nobody listens for its error',
    rule: emits,
    peers: unanswered,
    text: withImport(
      `import http from 'node:http';`,
      `const load = () => new Promise((resolve, reject) => { if (!PORT) reject(new Error('no port')); const req = http.request(${url}, { timeout: 300 }, (res) => res.on('close', resolve).resume()); req.end(); });\nload()${promised}`,
    ),
  },
  {
    name: 'net.connect in a promise, and nobody listens for its error',
    rule: socket,
    peers: unanswered,
    text: withImport(
      `import net from 'node:net';`,
      `const talk = () => new Promise((resolve, reject) => { if (!PORT) reject(new Error('no port')); const socket = net.connect({ host: HOST, port: Number(PORT) }); socket.on('data', resolve); });\ntalk()${promised}`,
    ),
  },
  {
    name: 'ws in a promise, and nobody listens for its error',
    rule: socket,
    peers: unanswered,
    text: withImport(
      `import { WebSocket } from 'ws';`,
      `const open = () => new Promise((resolve, reject) => { if (!PORT) reject(new Error('no port')); const socket = new WebSocket(\`ws://\${HOST}:\${PORT}/\`); socket.on('open', resolve); });\nopen()${promised}`,
    ),
  },
  {
    name: 'https.request',
    rule: request,
    peers: [...secured, 'stuck'],
    text: withImport(
      `import https from 'node:https';`,
      `const req = https.request(${secureUrl}, ${answered});\n${sent}`,
    ),
  },
  {
    name: 'net.connect',
    rule: socket,
    peers: all,
    text: withImport(
      `import net from 'node:net';`,
      `const socket = net.connect({ host: HOST, port: Number(PORT) });\n${failing}socket.write('hello');\n`,
    ),
  },
  {
    name: 'tls.connect',
    rule: socket,
    peers: [...secured, 'stuck'],
    text: withImport(
      `import tls from 'node:tls';`,
      `const socket = tls.connect({ host: HOST, port: Number(PORT) });\n${failing}socket.write('hello');\n`,
    ),
  },
  {
    name: 'axios',
    rule: request,
    peers: all,
    text: withImport(`import axios from 'axios';`, `axios.get(${url})${promised}`),
  },
  {
    name: 'fetch over TLS',
    rule: request,
    peers: secured,
    text: `${prelude}fetch(${secureUrl}).then((response) => response.text())${promised}`,
  },
  {
    name: 'axios over TLS',
    rule: request,
    peers: secured,
    text: withImport(`import axios from 'axios';`, `axios.get(${secureUrl})${promised}`),
  },
  {
    name: 'got over TLS',
    rule: request,
    peers: secured,
    text: withImport(`import got from 'got';`, `got(${secureUrl}, { retry: { limit: 0 } })${promised}`),
  },
  {
    name: 'undici.request over TLS',
    rule: request,
    peers: secured,
    text: withImport(
      `import { request } from 'undici';`,
      `request(${secureUrl}).then(({ body }) => body.text())${promised}`,
    ),
  },
  {
    name: 'ws over TLS',
    rule: socket,
    peers: unanswered,
    text: withImport(
      `import { WebSocket } from 'ws';`,
      `const socket = new WebSocket(\`wss://\${HOST}:\${PORT}/\`);\n${failing}`,
    ),
  },
  {
    name: 'an axios instance',
    rule: request,
    peers: unanswered,
    text: withImport(
      `import axios from 'axios';`,
      `const api = axios.create({ baseURL: ${url} });\napi.get('/')${promised}`,
    ),
  },
  {
    name: 'got',
    rule: request,
    peers: all,
    text: withImport(`import got from 'got';`, `got(${url}, { retry: { limit: 0 } })${promised}`),
  },
  {
    name: 'undici.request',
    rule: request,
    peers: all,
    text: withImport(`import { request } from 'undici';`, `request(${url}).then(({ body }) => body.text())${promised}`),
  },
  {
    name: 'ws',
    rule: socket,
    peers: unanswered,
    text: withImport(
      `import { WebSocket } from 'ws';`,
      `const socket = new WebSocket(\`ws://\${HOST}:\${PORT}/\`);\n${failing}`,
    ),
  },
];

/** Waits that end, and of which nothing is told. */
const bounded: readonly Program[] = [
  {
    name: 'fetch with a signal',
    peers: all,
    text: `${prelude}fetch(${url}, { signal: AbortSignal.timeout(500) }).then((response) => response.text())${promised}`,
  },
  {
    name: 'http.request that destroys on `timeout`',
    peers: all,
    text: withImport(
      `import http from 'node:http';`,
      `const req = http.request(${url}, { timeout: 500 }, ${answered});\nreq.on('timeout', () => req.destroy(new Error('timed out')));\n${sent}`,
    ),
  },
  {
    name: 'net.connect that destroys when idle',
    peers: unanswered,
    text: withImport(
      `import net from 'node:net';`,
      `const socket = net.connect({ host: HOST, port: Number(PORT) });\nsocket.setTimeout(500, () => socket.destroy(new Error('idle')));\n${failing}`,
    ),
  },
  {
    name: 'tls.connect with a timer around it',
    peers: unanswered,
    text: withImport(
      `import tls from 'node:tls';`,
      `const socket = tls.connect({ host: HOST, port: Number(PORT) });\nsetTimeout(() => socket.destroy(new Error('no handshake')), 500);\n${failing}`,
    ),
  },
  {
    name: 'axios with a timeout',
    peers: all,
    text: withImport(`import axios from 'axios';`, `axios.get(${url}, { timeout: 500 })${promised}`),
  },
  {
    name: 'got with a timeout',
    peers: all,
    text: withImport(
      `import got from 'got';`,
      `got(${url}, { timeout: { request: 500 }, retry: { limit: 0 } })${promised}`,
    ),
  },
  {
    name: 'undici.request with limits',
    peers: all,
    text: withImport(
      `import { request } from 'undici';`,
      `request(${url}, { signal: AbortSignal.timeout(500) }).then(({ body }) => body.text())${promised}`,
    ),
  },
  {
    name: 'undici with limits for the whole process',
    peers: all,
    text: withImport(
      `import { Agent, request, setGlobalDispatcher } from 'undici';`,
      `setGlobalDispatcher(new Agent({ headersTimeout: 500, bodyTimeout: 500, connect: { timeout: 500 } }));\nrequest(${url}).then(({ body }) => body.text())${promised}`,
    ),
  },
  {
    name: 'ws with a limit on the handshake',
    peers: unanswered,
    text: withImport(
      `import { WebSocket } from 'ws';`,
      `const socket = new WebSocket(\`ws://\${HOST}:\${PORT}/\`, { handshakeTimeout: 500 });\n${failing}`,
    ),
  },
];

export const programs: readonly Program[] = [...endless, ...bounded];
