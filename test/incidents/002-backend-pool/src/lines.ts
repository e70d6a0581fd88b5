import type { Socket } from 'node:net';

/** Sends a line, and waits for the line that answers it. */
export function ask(socket: Socket, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const hear = (chunk: Buffer): void => {
      answer += chunk;
      if (answer.includes('\n')) settle(() => resolve(answer.trimEnd()));
    };
    const fail = (error?: Error): void => settle(() => reject(error ?? new Error('the backend has closed')));
    const settle = (done: () => void): void => {
      socket.off('data', hear).off('error', fail).off('close', fail);
      done();
    };
    socket.on('data', hear).once('error', fail).once('close', fail);
    socket.write(`${line}\n`);
  });
}
