// Installs the libraries that the models are tested against into test/resources/node_modules/, unless they are there
// already. Their install scripts are not run; of their code only what test/runtime/ imports is.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const directory = join(dirname(fileURLToPath(import.meta.url)), '../test/resources');
const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8');
/** A copy of the lock file that was installed. */
const installed = join(directory, 'node_modules/.installed-lock.json');

if (lock !== read(installed)) {
  const options = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', ...options], { cwd: directory, stdio: 'inherit', shell: process.platform === 'win32' });
  writeFileSync(installed, lock);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
