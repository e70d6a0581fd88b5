// Runs the program of an incident: `npm start` in its folder.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { bundle } from './bundle.mjs';

const directory = resolve(process.argv[2] ?? '.');
const program = spawn(process.execPath, ['--enable-source-maps', await bundle(directory)], {
  cwd: directory,
  stdio: 'inherit',
});
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => program.kill(signal));
program.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGTERM' ? 0 : 1);
});
