// Puts a real VS Code under a cache directory, from the npm registry alone: code-server's build of it has the workbench,
// the server and the extension host. What a desktop needs beside these is not in any registry.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

/** `oldest` is the oldest in the registry that satisfies `engines.vscode`: VS Code 1.93. */
const editions = {
  newest: { version: '4.139.1', newNode: true },
  oldest: { version: '4.93.1', newNode: false },
};
const nodeVersion = '24.21.0';

/** 200 MB that nothing here uses. */
const unusedDependencies = ['@github/copilot-sdk', '@microsoft/mxc-sdk', '@devcontainers/cli'];
const unusedExtensions = ['copilot', 'mermaid-markdown-features'];

/** A native module that every process loads and that only writes logs: the same interface without a compiler. */
const logStandIn = `const fs = require('fs'), path = require('path');
class Logger {
  constructor(type, name, file) { this.file = file; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  setLevel() {} getLevel() { return 2; } setPattern() {} clearFormatters() {} flush() {} drop() {}
}
for (const level of ['info', 'warn', 'error', 'critical']) {
  Logger.prototype[level] = function (message) {
    try { fs.appendFileSync(this.file, '[' + level + '] ' + message + '\\n'); } catch {}
  };
}
for (const level of ['trace', 'debug']) Logger.prototype[level] = function () {};
exports.version = 0; exports.Logger = Logger; exports.setLevel = () => {}; exports.setFlushOn = () => {}; exports.shutdown = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
`;

/** The old build leaves it to code-server's front to start its server. */
const starter = `
if (require.main === module) {
  loadCodeWithNls().then(({ createServer }) => {
    let agent;
    const server = http.createServer(async (request, response) => (await agent).handleRequest(request, response));
    server.on('upgrade', async (request, socket) => (await agent).handleUpgrade(request, socket));
    server.listen({ host: '127.0.0.1', port: 0 }, async () => {
      agent = createServer(server.address());
      await agent;
      console.log('Extension host agent listening on ' + server.address().port);
    });
  });
}
`;

/**
 * Fetches what is missing; does nothing the second time.
 * @param {string} cacheDirectory
 * @param {keyof typeof editions} edition
 * @returns {{ root: string, node: string }} VS Code, and a Node that can run it
 */
export function prepare(cacheDirectory, edition = process.env.VSCODE_TEST_EDITION ?? 'newest') {
  const { version, newNode } = editions[edition];
  const root = join(cacheDirectory, `code-server-${version}`);
  if (!existsSync(join(root, '.complete'))) fetchEditor(root, version, edition === 'oldest');
  return { root, node: newNode ? nodeFor(cacheDirectory) : process.execPath };
}

function fetchEditor(root, version, isOld) {
  console.error(`fetching VS Code (code-server ${version}) from the npm registry, once`);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const archive = npm(['pack', '--silent', `code-server@${version}`], root)
    .trim()
    .split('\n')
    .at(-1);
  // VS Code itself, without code-server's own front, and none of its postinstall, which would compile native modules.
  execFileSync('tar', ['xzf', archive, '--strip-components=3', 'package/lib/vscode'], { cwd: root });
  rmSync(join(root, archive));
  const manifestPath = join(root, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  for (const name of unusedDependencies) delete manifest.dependencies[name];
  writeFileSync(manifestPath, JSON.stringify(manifest, null, 2));
  for (const name of unusedExtensions) rmSync(join(root, 'extensions', name), { recursive: true, force: true });
  // The second directory holds the TypeScript of the built-in language support.
  for (const directory of [root, join(root, 'extensions')]) install(isOld ? ['--legacy-peer-deps'] : [], directory);
  if (isOld) appendFileSync(join(root, 'out/server-main.js'), starter);
  const modules = join(root, 'node_modules/@vscode');
  mkdirSync(join(modules, 'native-watchdog/build/Release'), { recursive: true });
  writeFileSync(join(modules, 'native-watchdog/build/Release/watchdog.js'), 'exports.start = () => {};\n');
  writeFileSync(join(modules, 'spdlog/index.js'), logStandIn);
  writeFileSync(join(root, '.complete'), '');
}

/** The running Node where it is new enough for this VS Code, else one from the registry. */
function nodeFor(cacheDirectory) {
  if (typeof nodeModule.registerHooks === 'function') return process.execPath;
  const directory = join(cacheDirectory, `node-${nodeVersion}`);
  const program = join(directory, 'node_modules/node/bin/node');
  if (!existsSync(program)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
    npm(['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${nodeVersion}`], directory);
  }
  execFileSync(program, ['--version']);
  return program;
}

function install(options, cwd) {
  npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...options], cwd);
}

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
}
