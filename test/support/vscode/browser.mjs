// The Chromium that shows the workbench: the distribution's, which root can have installed here.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium, or `undefined`. */
export function findChromium() {
  return process.env.CHROMIUM_PATH ?? places.find((path) => existsSync(path));
}

/** Sees to it that there is a Chromium: installs it where that needs nobody's password, else says what to do. */
export function ensureChromium() {
  if (findChromium()) return;
  const advice = 'install it with `sudo apt-get install chromium`, or name one in CHROMIUM_PATH';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(`There is no Chromium: ${advice}.`);
  console.error('installing chromium, once');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed; ${advice}.\n${stderr}`);
  }
  if (!findChromium()) throw new Error(`Chromium was installed, but not where it was looked for; ${advice}.`);
}
