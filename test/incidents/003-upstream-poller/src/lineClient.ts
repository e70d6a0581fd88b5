import { connect } from 'node:net';
import type { Upstream } from './upstream.ts';

/** Asks a node that speaks the line protocol; the connection stays open in both directions until the line is there. */
export function askSlot({ host, port }: Upstream): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (!answer.includes('\n')) return;
      socket.end();
      resolve(Number.parseInt(answer, 10));
    });
    socket.write('slot\n');
  });
}
