// 001: whoever renews a certificate learns whether it was taken over.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';

const command = [
  '--silent',
  '--fail-with-body',
  '--unix-socket',
  './control.sock',
  '-X',
  'POST',
  'http://localhost/reload',
];

export const certificateReload = {
  name: '001-certificate-reload',
  title: 'a reload by signal that nobody answers',
  descriptors: 64,
  isRunningOut: false,
  findings: [
    { rule: 'reload-without-reply', file: 'src/server.ts', line: 7, witness: 'the error is dropped here' },
    { rule: 'reload-without-reply', file: 'src/server.ts', line: 18, witness: 'the failure is only logged' },
  ],
  /** Opens a way to control the process: `--fix` never does that. */
  quickFixes: [
    { file: 'src/server.ts', rule: 'reload-without-reply', title: 'Offer the reload on a control server' },
    { file: 'src/server.ts', rule: 'reload-without-reply', title: 'Print the error' },
  ],
  charted: { name: 'descriptors', of: ({ descriptors }) => descriptors },

  async prepare({ path }) {
    const live = join(path, 'live');
    await mkdir(live, { recursive: true });
    await install(path, 'first');
    return { path, env: { CERTIFICATES: 'live' }, dispose() {} };
  },

  async load(program, { path }, start) {
    await program.line(/^listening/);
    await sleep(200);
    const mode = (await stat(join(path, 'control.sock')).catch(() => undefined))?.mode;
    // What an operator does, and what comes back.
    const renewed = async () => {
      const asked = await ask(path);
      const seen = program.line(/reload/, 1000);
      if (asked.status === 7) program.signal('SIGHUP');
      await seen;
      return asked.status === 7 ? 'nothing' : `${asked.text} (exit ${asked.status})`;
    };
    await writeFile(join(path, 'live/cert.pem'), 'broken\n');
    const broken = await renewed();
    const kept = await subjectOf(program.port);
    await install(path, 'second');
    const good = await renewed();
    const taken = await subjectOf(program.port);
    await install(path, 'first');
    const seen = program.line(/^certificate reloaded/);
    program.signal('SIGHUP');
    await seen;
    const bySignal = await subjectOf(program.port);
    const end = await program.stop();
    await rm(join(path, 'live/cert.pem'));
    const without = await start();
    await without.line(/^listening/);
    await without.stop();
    const said = without.lines.find((line) => /ENOENT/.test(line))?.replace(/, open.*/, '') ?? 'nothing';
    return { mode, broken, kept, good, taken, bySignal, said, end };
  },

  rows({ result: was }, { result: is }) {
    return [
      [
        'reply to a broken certificate',
        was.broken,
        is.broken,
        (a, b) => a === 'nothing' && /PEM.*\(exit 22\)$/s.test(b),
      ],
      ['served after that', was.kept, is.kept, (_, b) => b === 'first.test'],
      ['reply to a good certificate', was.good, is.good, (a, b) => a === 'nothing' && b === 'ok (exit 0)'],
      ['served after that', was.taken, is.taken, (_, b) => b === 'second.test'],
      ['served after a signal', was.bySignal, is.bySignal, (_, b) => b === 'first.test'],
      ['said of a start without one', was.said, is.said, (a, b) => a === 'nothing' && /ENOENT/.test(b)],
      ['mode of the socket', mode(was), mode(is), (_, b) => b === '600'],
      ['ends on SIGTERM with', was.end, is.end, (_, b) => b === 0],
    ];
  },
};

const mode = ({ mode }) => (mode === undefined ? 'none' : (mode & 0o777).toString(8));

async function install(path, name) {
  for (const file of ['cert.pem', 'key.pem']) {
    await copyFile(join(path, 'certificates', name, file), join(path, 'live', file));
  }
}

/** Runs the line that the written module documents. */
function ask(cwd) {
  return new Promise((resolve) => {
    execFile('curl', command, { cwd, timeout: 5000 }, (error, stdout) => {
      resolve({ status: error ? error.code : 0, text: stdout.trim() });
    });
  });
}

/** The name in the certificate that is served. */
function subjectOf(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, timeout: 2000 }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('no handshake')));
    socket.once('error', (error) => resolve(error.message));
  });
}
