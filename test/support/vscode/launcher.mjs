#!/usr/bin/env node
// Takes the place of the VS Code program for the runTests() of @vscode/test-electron: same arguments, same exit status.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { prepare } from './prepare.mjs';
import { openWorkbench } from './workbench.mjs';

const { options, rest } = parse(process.argv.slice(2));
const last = (name) => options.get(name)?.at(-1);
const code = prepare(resolve(process.env.VSCODE_CACHE ?? '.vscode-test'));

if (options.has('install-extension')) {
  const args = process.argv.slice(2).filter((it) => !/^--(?:disable-|no-|skip-)/.test(it));
  const program = join(code.root, 'out/server-main.js');
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  const { status } = spawnSync(code.node, [program, ...args, '--accept-server-license-terms'], {
    stdio: 'inherit',
    env,
  });
  process.exitCode = status ?? 1;
} else {
  await runTests();
}

async function runTests() {
  const verbose = Boolean(process.env.VSCODE_LAUNCHER_DEBUG);
  const output = join(mkdtempSync(join(tmpdir(), 'leakproof-vscode-out-')), 'out');
  writeFileSync(output, '');
  const copied = copyToStdout(output);
  const log = [];
  const tests = last('extensionTestsPath');
  let workbench;
  let ended = false;

  const end = async (status, why) => {
    if (ended) return;
    ended = true;
    const complete = status !== 0 || !tests || existsSync(`${output}.ok`);
    const printed = copied.stop();
    if ((status !== 0 || !complete) && printed === 0 && !verbose) console.error(log.slice(-40).join('\n'));
    const reason = complete ? why : 'the extension host ended before the tests did';
    if (reason) console.error(`[vscode] ${reason}`);
    await workbench?.close();
    rmSync(dirname(output), { recursive: true, force: true });
    process.exit(complete ? status : 1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130, signal));
  const limit = Number(process.env.VSCODE_TEST_TIMEOUT_MS ?? 600_000);
  setTimeout(() => void end(1, `no result after ${limit} ms`), limit);

  try {
    workbench = await openWorkbench({
      ...code,
      open: rest[0],
      extensionDevelopmentPath: options.get('extensionDevelopmentPath'),
      extensionTestsPath: tests && fileURLToPath(new URL('inHost.cjs', import.meta.url)),
      env: tests && { VSCODE_LAUNCHER_TESTS: resolve(tests), VSCODE_LAUNCHER_OUT: output },
      userDataDir: last('user-data-dir'),
      extensionsDir: last('extensions-dir'),
      disableExtensions: options.has('disable-extensions'),
      restricted: Boolean(process.env.VSCODE_LAUNCHER_RESTRICTED),
      debug: verbose ? (...parts) => console.error('[vscode]', ...parts) : undefined,
      onLog: (type, parts) => log.push(`${type}: ${format(...parts)}`.slice(0, 2000)),
      onExit: (status, why) => void end(status, why),
    });
  } catch (error) {
    await end(1, error?.stack ?? String(error));
  }
}

/** Copies what a file grows by to stdout; `stop` says how much that was. */
function copyToStdout(path) {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(65_536);
  let seen = 0;
  const pump = () => {
    for (let count = 1; count > 0; seen += count) {
      count = readSync(file, buffer, 0, buffer.length, null);
      if (count > 0) writeSync(1, buffer, 0, count);
    }
  };
  const timer = setInterval(pump, 100);
  return {
    stop: () => {
      clearInterval(timer);
      pump();
      return seen;
    },
  };
}

/** The arguments of the `code` program, as far as they are used here. */
function parse(args) {
  const withValue = new Set(['install-extension', 'extensions-dir', 'user-data-dir']);
  const options = new Map();
  const rest = [];
  for (let index = 0; index < args.length; index++) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(args[index]) ?? [];
    if (name === undefined) rest.push(args[index]);
    else options.set(name, [...(options.get(name) ?? []), value ?? (withValue.has(name) ? args[++index] : 'true')]);
  }
  return { options, rest };
}
