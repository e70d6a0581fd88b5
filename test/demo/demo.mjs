// Shows what Leakproof does, on a copy of the sample service: finds the leaks, repairs them, finds none.
// Run by `npm run demo`. Ends with status 1 when one of the steps does not come out as told.
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { structuredPatch } from 'diff';

const sample = fileURLToPath(new URL('./sample', import.meta.url));
const cli = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));
const color = process.stdout.isTTY || process.env.FORCE_COLOR ? 'always' : 'never';
const paint = (style, text) => (color === 'always' ? styleText(style, text, { validateStream: false }) : text);

const directory = await mkdtemp(join(tmpdir(), 'leakproof-demo-'));
try {
  const copy = join(directory, 'orders-service');
  await cp(sample, copy, { recursive: true });
  const before = await texts(copy);

  announce('1. What leaks?', 'leakproof check src');
  const found = leakproof(copy, ['check', 'src', '--color', color]);
  expect(found === 1, `there should be findings, but the exit status is ${found}`);

  announce('2. Repair what can be repaired without changing what the code does.', 'leakproof check src --fix --quiet');
  leakproof(copy, ['check', 'src', '--fix', '--quiet', '--color', color]);

  announce('3. Repair the rest; these changes are worth a look.', 'leakproof check src --fix-suggestions --quiet');
  leakproof(copy, ['check', 'src', '--fix-suggestions', '--quiet', '--color', color]);

  announce('What changed:');
  const changed = showChanges(before, await texts(copy));
  expect(changed > 0, 'nothing was repaired');

  announce('4. And now?', 'leakproof check src');
  const left = leakproof(copy, ['check', 'src', '--color', color]);
  expect(left === 0, `the repaired service should be clean, but the exit status is ${left}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

function announce(text, command) {
  console.log(`\n${paint('bold', text)}`);
  console.log(command === undefined ? '' : `${paint('dim', `$ ${command}`)}\n`);
}

/** Runs the real command in a directory; its output goes where ours goes. */
function leakproof(cwd, args) {
  const { status, error } = spawnSync(process.execPath, [cli, ...args, '--no-timing'], { cwd, stdio: 'inherit' });
  if (error) throw error;
  return status;
}

function expect(condition, message) {
  if (condition) return;
  console.error(paint('red', `demo: ${message}`));
  process.exitCode = 1;
}

/** The sources below a directory by their relative path. */
async function texts(root) {
  const names = await readdir(join(root, 'src'), { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).sort();
  return new Map(await Promise.all(files.map(async (name) => [name, await readFile(join(root, 'src', name), 'utf8')])));
}

/** Prints the first change in full and counts the others. */
function showChanges(before, after) {
  const changed = [...after].filter(([name, text]) => before.get(name) !== text);
  for (const [index, [name, text]] of changed.entries()) {
    const { hunks } = structuredPatch(name, name, before.get(name) ?? '', text, '', '', { context: 1 });
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const count = (sign) => lines.filter((line) => line.startsWith(sign)).length;
    console.log(`src/${name}  ${paint('green', `+${count('+')}`)} ${paint('red', `-${count('-')}`)}`);
    if (index > 0) continue;
    for (const line of hunks[0]?.lines ?? []) {
      console.log(
        `  ${line.startsWith('+') ? paint('green', line) : line.startsWith('-') ? paint('red', line) : line}`,
      );
    }
  }
  return changed.length;
}
