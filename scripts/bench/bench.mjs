// npm run bench -- <dir> [--file <file>] [--edits <n>]
// Measures Leakproof side by side with oxlint's type-aware rules and TypeScript 6's LanguageService, in one run on one
// machine: only the ratios mean anything. The peers are fetched on demand into .bench/, which git ignores.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { percentile, run } from './processes.mjs';

const peers = { oxlint: '1.94.0', 'oxlint-tsgolint': '7.0.2007' };
/** Those nearest to what Leakproof does. The others are off: they would be compared with nothing. */
const typeAware = ['no-floating-promises', 'no-misused-promises', 'await-thenable'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { file: { type: 'string' }, edits: { type: 'string', default: '200' } },
});
const [directory] = positionals;
if (directory === undefined || !existsSync(directory)) {
  console.error('usage: npm run bench -- <dir> [--file <file>] [--edits <n>]');
  process.exit(2);
}
const root = resolve(directory);

function fetchPeers() {
  if (existsSync('.bench/node_modules/oxlint-tsgolint')) return;
  mkdirSync('.bench', { recursive: true });
  writeFileSync('.bench/package.json', '{ "private": true }\n');
  const wanted = Object.entries(peers).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', '.bench', ...wanted], {
    stdio: 'ignore',
  });
}

/** The largest source file that the check would parse. */
function largestFile() {
  const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }).stdout.split(
    '\n',
  );
  const sizes = tracked
    .filter((path) => ['.ts', '.tsx'].includes(extname(path)) && !path.endsWith('.d.ts'))
    .map((path) => ({
      path: join(root, path),
      size: existsSync(join(root, path)) ? readFileSync(join(root, path)).length : 0,
    }));
  return sizes.sort((a, b) => b.size - a.size)[0]?.path;
}

function edits(script, args) {
  const { stdout, status, stderr } = spawnSync(process.execPath, [join('scripts/bench', script), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=8192' },
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr.slice(-1000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const row = (name, { wall, cpu, peak }) =>
  console.log(
    `${name.padEnd(34)} ${wall.toFixed(1).padStart(7)} s wall ${cpu.toFixed(1).padStart(7)} s CPU ${peak.toFixed(0).padStart(6)} MB`,
  );
const check = () =>
  run(process.execPath, ['dist/cli.mjs', 'check', root, '--format', 'json', '--no-progress'], { cwd: process.cwd() });

fetchPeers();
const cold = await check();
const warm = await check();
// Run from another folder, oxlint has to be told where its type-aware half is.
const OXLINT_TSGOLINT_PATH = resolve('.bench/node_modules/oxlint-tsgolint/bin/tsgolint.js');
const oxlint = await run(
  '.bench/node_modules/.bin/oxlint',
  ['--type-aware', '--format=json', '--allow=all', ...typeAware.map((rule) => `--deny=typescript/${rule}`), root],
  { cwd: process.cwd(), env: { OXLINT_TSGOLINT_PATH } },
);
if (oxlint.status > 1) throw new Error('oxlint could not run');
const said = JSON.parse(oxlint.stdout).diagnostics.map(({ code }) => String(code));
const found = said.filter((code) => typeAware.some((rule) => code.includes(rule))).length;
const unusable = said.filter((code) => code.includes('tsconfig-error')).length;
row('leakproof check, cold', cold);
row('leakproof check, warm', warm);
row(`oxlint, ${typeAware.length} type-aware rules`, oxlint);
// Files whose tsconfig.json it does not accept are not linted with types: then the ratio says nothing.
console.log(`oxlint: ${found} findings; ${unusable} tsconfig.json files that it does not accept`);
console.log(`CPU, leakproof : oxlint = ${(warm.cpu / oxlint.cpu).toFixed(2)}`);

const file = values.file === undefined ? largestFile() : resolve(values.file);
if (file !== undefined) {
  const lines = readFileSync(file, 'utf8').split('\n').length;
  console.log(`\n${file} (${lines} lines), ${values.edits} edits`);
  const server = edits('server.mjs', [root, file, values.edits]);
  const service = edits('languageService.mjs', [file, String(Math.min(40, Number(values.edits)))]);
  const show = (name, times) =>
    console.log(
      `${name.padEnd(34)} p50 ${percentile(times, 0.5).toFixed(0).padStart(6)} ms  p95 ${percentile(times, 0.95).toFixed(0).padStart(6)} ms`,
    );
  show('leakproof, edit to diagnostics', server.times);
  show('TypeScript 6 LanguageService', service.times);
  console.log(`program of the LanguageService: ${service.lines} lines`);
  console.log(
    `p50, leakproof : TypeScript 6 = ${(percentile(server.times, 0.5) / percentile(service.times, 0.5)).toFixed(2)}`,
  );
  const [early, late] = Object.values(server.memory);
  if (late !== undefined)
    console.log(
      `memory of the server: ${early.toFixed(0)} MB after 20 edits, ${late.toFixed(0)} MB at the end (${(late / early).toFixed(2)})`,
    );
}
