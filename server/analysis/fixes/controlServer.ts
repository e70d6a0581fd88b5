import type { ModuleTemplate } from './moduleText.ts';

/** A control server: commands for a process, with an answer. */
export const controlServer: ModuleTemplate = {
  name: 'controlServer',
  text: `
Commands for this process on a Unix domain socket (a named pipe on Windows), with an answer.
//
//   curl --fail-with-body --unix-socket ./control.sock -X POST http://localhost/reload
//
// answers 200 and ok, or 500 and the error's message; curl then exits with status 22. Only the user that the process
// runs as may connect. CONTROL_SOCKET names another path.

import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const isWindows = process.platform === 'win32';

export const controlPath = process.env.CONTROL_SOCKET ?? (isWindows ? String.raw\`\\\\.\\pipe\\control\` : './control.sock');

/** Runs a command when it is asked to by POST, and answers when it is done. Does not keep the process alive. */
export function serveControl(commands«: Record<string, () => unknown>», path«: string» = controlPath) {
  const server = createServer(async (request, response) => {
    const reply = (status«: number», text«: string»)«: void» => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(text + '\\n');
    };
    request.resume();
    const name = (request.url ?? '/').slice(1);
    if (!Object.hasOwn(commands, name)) return reply(404, 'unknown command');
    if (request.method !== 'POST') return reply(405, 'only POST');
    try {
      await commands[name]«?.»();
      reply(200, 'ok');
    } catch (error) {
      reply(500, error instanceof Error ? error.message : String(error));
    }
  });
  server.on('error', (error«: NodeJS.ErrnoException») => {
    if (error.code !== 'EADDRINUSE' || isWindows) return console.error(error);
    // A socket that nobody listens on was left behind by a process that is gone.
    const probe = connect(path);
    const isTaken = ()«: void» => {
      probe.destroy();
      console.error(error);
    };
    probe.setTimeout(1000, isTaken);
    probe.once('connect', isTaken);
    probe.once('error', () => {
      rmSync(path, { force: true });
      listen();
    });
  });
  const listen = ()«: void» => {
    // The socket is made with the permissions that the mask leaves.
    const mask = isWindows ? undefined : process.umask(0o177);
    try {
      server.listen(path, () => {
        if (!isWindows) chmodSync(path, 0o600);
      });
    } finally {
      if (mask !== undefined) process.umask(mask);
    }
  };
  listen();
  return server.unref();
}
`,
};
