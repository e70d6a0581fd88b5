import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { helpText } from '../../server/cli/help.ts';
import { sourcesIn } from '../support/sourceGraph.ts';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n').filter(Boolean);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('layout', () => {
  it('the top level holds what the architecture names', () => {
    const allowed = new Set([
      ...['client', 'protocol', 'server', 'test', 'media', 'scripts', '.ci'],
      ...[
        'package.json',
        'package-lock.json',
        'tsconfig.json',
        'biome.json',
        '.mocharc.json',
        '.gitignore',
        '.vscodeignore',
      ],
      ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
    ]);
    const found = new Set(tracked.map((path) => path.split('/')[0] ?? path));
    assert.deepEqual(
      [...found].filter((name) => !allowed.has(name)),
      [],
    );
    for (const name of allowed) if (name !== 'client') assert.ok(existsSync(name), `${name} is missing`);
  });

  it('no source file is over 400 lines', () => {
    const long = sourcesIn('client', 'protocol', 'server', 'test')
      .filter(({ path, text }) => !path.endsWith('.generated.ts') && text.split('\n').length - 1 > 400)
      .map(({ path }) => path);
    assert.deepEqual(long, [], 'split them along their themes');
  });

  it('nothing is left to do in the sources', () => {
    const marked = sourcesIn('client', 'protocol', 'server').filter(({ text }) =>
      /\b(?:TODO|FIXME|XXX|HACK)\b/.test(text),
    );
    assert.deepEqual(
      marked.map(({ path }) => path),
      [],
    );
  });

  it('versions of dependencies are exact', () => {
    const loose = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version),
    );
    assert.deepEqual(loose, []);
  });

  it('the lock file belongs to the manifest', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages[''];
    for (const key of ['dependencies', 'devDependencies'] as const)
      assert.deepEqual(lock[key], manifest[key], 'run npm install');
    assert.equal(lock.version, manifest.version);
  });

  it('the lock file has the packages of every platform', () => {
    // `npm install` leaves out those that a mirror does not have, and then `npm ci` fails everywhere.
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const missing = Object.entries<{ optionalDependencies?: Record<string, string> }>(packages).flatMap(
      ([, { optionalDependencies }]) =>
        Object.keys(optionalDependencies ?? {}).filter((name) => !(`node_modules/${name}` in packages)),
    );
    assert.deepEqual(missing, []);
  });

  it('the documents name only scripts and files that there are', () => {
    const documents = ['README.md', 'CONTRIBUTING.md', 'server/ARCHITECTURE.md'];
    for (const document of documents) {
      const text = readFileSync(document, 'utf8');
      for (const [, script = ''] of text.matchAll(/npm run ([\w-]+)/g)) {
        assert.ok(script in manifest.scripts, `${document}: there is no script ${script}`);
      }
      for (const [, path = ''] of text.matchAll(/`((?:client|server|test|media|scripts)\/[\w./-]+)`/g)) {
        assert.ok(existsSync(path), `${document}: there is no ${path}`);
      }
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const base = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
        assert.ok(existsSync(base + target), `${document}: the link to ${target} is broken`);
      }
    }
  });

  it('the README shows only options that there are', () => {
    const [, ...shown] = readFileSync('README.md', 'utf8').split(/^```sh$/m);
    const commands = shown.map((text) => text.slice(0, text.indexOf('```'))).join('');
    const options = [...commands.matchAll(/leakproof .*?(?=#|$)/gm)].flatMap(([line]) => line.match(/--[\w-]+/g) ?? []);
    assert.ok(options.length > 0);
    for (const option of options) assert.ok(helpText.includes(option), `there is no ${option}`);
  });

  it('what is generated is not committed, except what others read from the repository', () => {
    const read = new Set(['media/leakproof.schema.json']);
    const generated = tracked.filter((path) => /\.generated\.ts$|^(?:dist|out)\//.test(path) && !read.has(path));
    assert.deepEqual(generated, []);
  });

  it('each compiled test has a source', () => {
    // A test that was deleted would otherwise go on running from a directory that nobody cleans.
    const stale = readdirSync('out/test', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.js'))
      .map((name) => `test/${name.replaceAll('\\', '/').replace(/\.js$/, '.ts')}`)
      .filter((path) => !existsSync(path));
    assert.deepEqual(stale, [], 'delete out/ and compile again');
  });
});
