// The suite of test/vscode/ in a real VS Code: on the desktop where that can be had, else in the headless workbench.
//
//   node test/support/vscode/run.mjs [--vsix] [--grep=<words>] [--results=<file>]
//
// --vsix            against the package that `npm run package` made, installed, instead of the sources' bundles
// --grep=<words>    only the cases whose titles have them
// --results=<file>  write mocha's counts there
// VSCODE_TEST_HOST     `desktop` or `headless`; without it the desktop is tried first
// VSCODE_TEST_EDITION  `oldest`: the headless workbench of the oldest VS Code that can be had
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { ensureChromium } from './browser.mjs';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const launcher = fileURLToPath(new URL('launcher.mjs', import.meta.url));
const cache = resolve(root, '.vscode-test');
const option = (name) => process.argv.find((it) => it.startsWith(`--${name}=`))?.slice(name.length + 3);
const fromPackage = process.argv.includes('--vsix');
const scratch = mkdtempSync(join(tmpdir(), 'leakproof-suite-'));
process.env.VSCODE_CACHE = cache;

try {
  await bundleSuites();
  const executable = await findExecutable();
  const extension = fromPackage ? install(executable) : { path: root, args: ['--disable-extensions'] };
  const results = [await run(executable, extension, 'main', {})];
  // A desktop started by runTests() trusts every workspace.
  if (executable === launcher)
    results.push(await run(executable, extension, 'restricted', { VSCODE_LAUNCHER_RESTRICTED: '1' }));
  const sum = (key) => results.reduce((total, { stats }) => total + stats[key], 0);
  const failures = results.flatMap((it) => it.failures);
  const file = option('results');
  const stats = { passes: sum('passes'), failures: sum('failures'), pending: sum('pending') };
  if (file) writeFileSync(file, JSON.stringify({ stats, failures }));
  console.log(
    `${stats.passes} passing, ${stats.failures} failing in ${executable === launcher ? 'the headless workbench' : 'VS Code'}`,
  );
  if (stats.failures > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** The extension host loads CommonJS in every version, so the suites are bundled to that. */
async function bundleSuites() {
  await build({
    entryPoints: { main: join(root, 'test/vscode/main.ts'), restricted: join(root, 'test/vscode/restricted.ts') },
    outdir: join(root, 'out/vscode'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

async function findExecutable() {
  const { VSCODE_EXECUTABLE: given, VSCODE_TEST_HOST: wanted } = process.env;
  if (given) return given;
  if (wanted !== 'headless') {
    try {
      return await downloadAndUnzipVSCode({ version: 'stable', cachePath: cache });
    } catch (error) {
      if (wanted === 'desktop') throw error;
      console.log(`VS Code for the desktop cannot be downloaded (${error.message}); using the headless workbench`);
    }
  }
  ensureChromium();
  prepare(cache);
  return launcher;
}

/** Installs the package into a directory of extensions; what is “developed” beside it is an empty extension. */
function install(executable) {
  const vsix = readdirSync(root).find((name) => /^leakproof-.*\.vsix$/.test(name));
  if (!vsix) throw new Error('There is no package; make it with `npm run package`.');
  const extensions = join(scratch, 'extensions');
  mkdirSync(extensions);
  const [cli, ...cliArgs] = executable === launcher ? [launcher] : resolveCliArgsFromVSCodeExecutablePath(executable);
  const args = [...cliArgs, '--install-extension', join(root, vsix), `--extensions-dir=${extensions}`];
  const { status, stdout, stderr } = spawnSync(cli, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The package cannot be installed:\n${stdout}${stderr}`);
  console.log(`${vsix} is installed`);
  const empty = join(scratch, 'empty-extension');
  mkdirSync(empty);
  const manifest = { name: 'empty', publisher: 'none', version: '0.0.0', engines: { vscode: '*' } };
  writeFileSync(join(empty, 'package.json'), JSON.stringify(manifest));
  return { path: empty, args: [`--extensions-dir=${extensions}`] };
}

/** Two workspaces of empty folders; what lies in them is the business of the cases. */
function layOut(home) {
  const workspace = (name, folders, settings = {}) => {
    for (const folder of folders) mkdirSync(join(home, folder), { recursive: true });
    const content = { folders: folders.map((path) => ({ path })), settings };
    writeFileSync(join(home, `${name}.code-workspace`), JSON.stringify(content));
  };
  workspace('main', ['first', 'second', 'fresh']);
  workspace('restricted', ['first'], { 'leakproof.configPath': 'off.jsonc' });
}

/** One window, one suite, one fresh workspace. */
async function run(executable, extension, suite, env) {
  const home = join(scratch, suite);
  const results = join(home, 'results.json');
  layOut(home);
  const status = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: extension.path,
    extensionTestsPath: join(root, 'out/vscode', `${suite}.cjs`),
    extensionTestsEnv: { ...env, LEAKPROOF_RESULTS: results, LEAKPROOF_GREP: option('grep') ?? '' },
    launchArgs: [
      join(home, `${suite}.code-workspace`),
      ...extension.args,
      `--user-data-dir=${join(home, 'user-data')}`,
    ],
  }).catch((error) => String(error));
  if (existsSync(results)) return JSON.parse(readFileSync(results, 'utf8'));
  throw new Error(`The suite “${suite}” left no results (${status}).`);
}
