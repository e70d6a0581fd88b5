// The other ends of the programs' connections: well and unwell.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';

/** Servers that count who is connected, and for how long the longest connection has lasted. */
export class Peers {
  open = new Map();
  longest = 0;
  #servers = [];
  #sockets = [];
  #stalled;

  /** Answers over HTTP. */
  http(answer) {
    return this.#listen(createHttpServer((request, response) => answer(request, response)));
  }

  /** Answers each line with a line. */
  line(answer, options = {}) {
    return this.#listen(
      createServer(options, (socket) => socket.on('data', (data) => socket.write(answer(String(data).trim())))),
    );
  }

  /** Accepts, and never says a word. */
  silent() {
    return this.#listen(createServer((socket) => socket.resume()));
  }

  /** Ends its own direction and keeps the other one open. */
  halfClosing() {
    return this.#listen(createServer({ allowHalfOpen: true }, (socket) => socket.resume().end('12')));
  }

  /** Listens and is stopped, with a full queue: whoever connects now gets no answer from the system either. */
  async unreachable() {
    const code = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
    this.#stalled = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [data] = await once(this.#stalled.stdout, 'data');
    const port = Number(String(data));
    this.#stalled.kill('SIGSTOP');
    for (let n = 0; n < 3; n++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      this.#sockets.push(socket);
      await Promise.race([once(socket, 'connect'), new Promise((resolve) => setTimeout(resolve, 200))]);
    }
    return port;
  }

  async #listen(server) {
    this.#servers.push(server);
    server.on('connection', (socket) => {
      this.open.set(socket, performance.now());
      socket.on('error', () => {});
      socket.once('close', () => {
        this.longest = Math.max(this.longest, performance.now() - (this.open.get(socket) ?? 0));
        this.open.delete(socket);
      });
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    return server.address().port;
  }

  /** The age of the oldest connection, of those that were and those that are. */
  get oldest() {
    const now = performance.now();
    return Math.max(this.longest, ...[...this.open.values()].map((since) => now - since));
  }

  dispose() {
    for (const server of this.#servers) server.close();
    for (const socket of [...this.open.keys(), ...this.#sockets]) socket.destroy();
    this.#stalled?.kill('SIGKILL');
  }
}
