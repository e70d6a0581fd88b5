// Starts the VS Code server on 127.0.0.1 and opens its workbench in headless Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from './browser.mjs';

const chromiumArguments = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** They ask for a sign-in, or are not installed. */
const skippedExtensions = new Set(['copilot', 'github-authentication', 'microsoft-authentication']);

/** What every window here starts with: nothing that talks to the network or covers the code. */
const baseSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} root VS Code
 * @property {string} node the Node that runs it
 * @property {string} [open] a folder or a `.code-workspace`
 * @property {string} [openFile]
 * @property {string[]} [extensionDevelopmentPath]
 * @property {string} [extensionTestsPath]
 * @property {string} [userDataDir]
 * @property {string} [extensionsDir]
 * @property {object} [settings]
 * @property {object} [env] added to the environment of the extension host
 * @property {boolean} [disableExtensions]
 * @property {string[]} [without] built-in extensions that are left out
 * @property {boolean} [restricted] the workspace is not trusted
 * @property {{ width: number, height: number }} [viewport]
 * @property {number} [scale] pixels for each pixel of the page
 * @property {(type: string, args: unknown[]) => void} [onLog]
 * @property {(status: number, why?: string) => void} [onExit]
 * @property {(...parts: unknown[]) => void} [debug]
 */

/**
 * Opens a workbench. `close` ends all that was started for it.
 * @param {WorkbenchOptions} options
 */
export async function openWorkbench(options) {
  const scratch = mkdtempSync(join(tmpdir(), 'leakproof-vscode-'));
  const debug = options.debug ?? (() => {});
  let server;
  let browser;
  let closing;
  const close = () => {
    closing ??= (async () => {
      await browser?.close().catch(() => {});
      await stop(server);
      rmSync(scratch, { recursive: true, force: true });
    })();
    return closing;
  };
  try {
    server = startServer(options, scratch);
    const host = `127.0.0.1:${await portOf(server, debug)}`;
    server.on('exit', (status) => {
      if (!closing) options.onExit?.(1, `the VS Code server exited (${status})`);
    });
    browser = await chromium.launch({
      executablePath: findChromium(),
      headless: true,
      args: chromiumArguments,
      // Playwright's own handlers would end this process before the server is stopped.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    const { viewport = { width: 1280, height: 800 }, scale = 1 } = options;
    const context = await browser.newContext({ viewport, deviceScaleFactor: scale });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://${host}` });
    await context.route(
      (url) => url.host !== host,
      (route) => route.abort(),
    );
    const page = await context.newPage();
    page.on('console', (message) => debug('console', message.type(), message.text()));
    page.on('pageerror', (error) => debug('page error', error.stack));
    page.on('crash', () => options.onExit?.(1, 'the page of the workbench crashed'));
    await page.exposeFunction('codeAutomationLog', (type, args) => options.onLog?.(type, args));
    await page.exposeFunction('codeAutomationExit', (status) => options.onExit?.(status));
    await page.goto(addressOf(options, host));
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startServer(options, scratch) {
  const userData = resolve(options.userDataDir ?? join(scratch, 'user-data'));
  const extensions = resolve(options.extensionsDir ?? join(scratch, 'extensions'));
  // This build keeps the user's settings on the server's disk.
  const settings = join(userData, 'User', 'settings.json');
  mkdirSync(join(userData, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, JSON.stringify({ ...baseSettings, ...options.settings }));
  const builtin = join(scratch, 'builtin');
  mkdirSync(builtin);
  for (const name of readdirSync(join(options.root, 'extensions'))) {
    const skipped = skippedExtensions.has(name) || options.without?.includes(name);
    if (!skipped) symlinkSync(join(options.root, 'extensions', name), join(builtin, name));
  }
  const args = [
    ...[join(options.root, 'out/server-main.js'), '--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...(options.restricted ? [] : ['--disable-workspace-trust']),
    // Gone minutes after a launcher that was killed outright.
    ...['--enable-remote-auto-shutdown', '--reconnection-grace-time', '30'],
    // Without it a built workbench ignores the paths of extensions and tests in the address.
    '--enable-smoke-test-driver',
    ...['--server-data-dir', join(scratch, 'server'), '--user-data-dir', userData],
    ...['--extensions-dir', extensions, '--builtin-extensions-dir', builtin],
  ];
  // A process group of its own, so that the extension host and language servers end with it.
  return spawn(options.node, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, XDG_RUNTIME_DIR: scratch, EXTENSIONS_GALLERY: '{}' },
  });
}

/** The port that the server chose. */
function portOf(server, debug) {
  return new Promise((found, failed) => {
    let output = '';
    const read = (chunk) => {
      output += chunk;
      debug('server', String(chunk).trimEnd());
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (match) found(match[1]);
    };
    const fail = (what) => failed(new Error(`the VS Code server ${what}\n${output.slice(-2000)}`));
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('error', failed);
    server.on('exit', (status) => fail(`exited (${status})`));
    setTimeout(() => fail('did not start'), 60_000).unref();
  });
}

async function stop(server) {
  if (!server?.pid || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  const signal = (name) => {
    try {
      process.kill(-server.pid, name);
    } catch {
      // It is gone already.
    }
  };
  signal('SIGTERM');
  await Promise.race([gone, new Promise((resolved) => setTimeout(resolved, 3000))]);
  signal('SIGKILL');
}

function addressOf(options, host) {
  const remote = (path) => `vscode-remote://${host}${pathToFileURL(resolve(path)).pathname}`;
  const payload = (options.extensionDevelopmentPath ?? []).map((path) => ['extensionDevelopmentPath', remote(path)]);
  if (options.extensionTestsPath) payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  payload.push(['enableProposedApi', ''], ['skipWelcome', 'true'], ['skipReleaseNotes', 'true']);
  if (options.disableExtensions) payload.push(['disableExtensions', 'true']);
  if (options.openFile) payload.push(['openFile', remote(options.openFile)]);
  const query = new URLSearchParams();
  if (options.open) query.set(options.open.endsWith('.code-workspace') ? 'workspace' : 'folder', resolve(options.open));
  else query.set('ew', 'true');
  query.set('payload', JSON.stringify(payload));
  return `http://${host}/?${query}`;
}
