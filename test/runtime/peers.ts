import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

/**
 * The other end of a connection: `silent` accepts and never answers, neither a request nor a handshake; `headers` answers
 * with headers and half of a body, and `secure` does so behind a handshake; `stuck` is a machine that lets nobody finish
 * connecting.
 */
export type Peer = 'silent' | 'headers' | 'secure' | 'stuck';

const certificates = new URL('../../../test/runtime/certificate/', import.meta.url);
/** What a client has to trust to speak to `secure`. */
export const authority = fileURLToPath(new URL('cert.pem', certificates));

const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';

/** Listens with a queue of one, says where, and never accepts: it is stopped before it could. */
const listener = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;

/** Servers of this machine that keep their clients waiting. */
export class Peers {
  readonly #servers = new Map<Peer, net.Server>();
  readonly #accepted = new Set<net.Socket>();
  readonly #queued: net.Socket[] = [];
  #child: ChildProcess | undefined;
  #stuckPort = 0;

  async start(): Promise<void> {
    const [key, cert] = await Promise.all(
      ['key.pem', 'cert.pem'].map((name) => readFile(new URL(name, certificates), 'utf8')),
    );
    const answers = (socket: net.Socket): void => void socket.once('data', () => socket.write(half));
    this.#servers.set('silent', net.createServer());
    this.#servers.set('headers', net.createServer(answers));
    this.#servers.set('secure', tls.createServer({ key, cert }, answers));
    for (const server of this.#servers.values()) {
      for (const event of ['connection', 'secureConnection'])
        server.on(event, (socket: net.Socket) => this.#accepted.add(socket.on('error', () => {})));
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    }
    await this.#startStuck();
  }

  port(peer: Peer): number {
    return peer === 'stuck'
      ? this.#stuckPort
      : ((this.#servers.get(peer) as net.Server).address() as net.AddressInfo).port;
  }

  stop(): void {
    for (const socket of [...this.#accepted, ...this.#queued]) socket.destroy();
    for (const server of this.#servers.values()) server.close();
    this.#child?.kill('SIGKILL');
  }

  /** A stopped process with a full queue: the kernel drops whatever else wants to connect. */
  async #startStuck(): Promise<void> {
    const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    this.#stuckPort = Number(String(port));
    child.kill('SIGSTOP');
    for (let n = 0; n < 2; n++) {
      const socket = net.connect(this.#stuckPort, '127.0.0.1').on('error', () => {});
      this.#queued.push(socket);
      await once(socket, 'connect');
    }
  }
}
