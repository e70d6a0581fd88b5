import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expand } from '../../server/project/files/expand.ts';
import { Sandbox } from '../cli/support/run.ts';

const names = ['a', 'b', 'Ab', 'x y', 'dist', '.h'];
const directories = ['', 'a/', 'b/', 'a/b/', 'dist/', 'a/dist/', '.h/'];
const files = directories.flatMap((directory) => names.map((name) => `${directory}${name}.ts`));

describe('what Git ignores', () => {
  it('is ignored here, whatever the patterns and wherever they stand', function () {
    this.timeout(300_000);
    const segment = fc.constantFrom(
      'a',
      'b',
      '*',
      '**',
      'dist',
      '*.ts',
      'a.ts',
      '?.ts',
      '[ab].ts',
      'x y.ts',
      '.h',
      '\\*',
    );
    const pattern = fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.constantFrom('', '/'),
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '/'),
      )
      .map(([not, anchor, segments, end]) => `${not}${anchor}${segments.join('/')}${end}`);
    const lines = fc.array(
      fc.oneof({ weight: 8, arbitrary: pattern }, { weight: 1, arbitrary: fc.constantFrom('# a', '', 'b.ts  ') }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(lines, lines, lines, lines, (outer, inner, deep, exclude) => {
        const box = new Sandbox();
        try {
          execFileSync('git', ['init', '-q', '.'], { cwd: box.path });
          box.write(Object.fromEntries(files.map((name) => [name, ''])));
          box.write({
            '.gitignore': outer.join('\n'),
            'a/.gitignore': `${inner.join('\r\n')}\r\n`,
            'a/b/.gitignore': deep.join('\n'),
            '.git/info/exclude': exclude.join('\n'),
          });
          const listed = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: box.path });
          const wanted = listed
            .toString()
            .split('\0')
            .filter((name) => name.endsWith('.ts'));
          const options = { cwd: box.path, gitIgnore: true, errorOnUnmatched: false };
          const found = expand(['.'], options).files.map((path) => path.slice(box.path.length + 1));
          assert.deepEqual(found, wanted.sort());
        } finally {
          box.dispose();
        }
      }),
      // A fixed seed: a run can be repeated, and a corner that Git sees differently is not met by chance.
      { numRuns: 60, seed: Number(process.env.FC_SEED ?? 1) },
    );
  });

  describe('in single cases', () => {
    let box: Sandbox;
    beforeEach(() => {
      box = new Sandbox().write({
        'p/src/a.ts': '',
        'p/gen/b.ts': '',
        'p/gen/deep/c.ts': '',
        'p/.gitignore': 'gen/\n',
      });
    });
    afterEach(() => box.dispose());

    const found = (paths: string[], options: { gitIgnore?: boolean; cwd?: string } = {}): string[] => {
      const cwd = options.cwd ?? box.path;
      const { files } = expand(paths, { cwd, gitIgnore: options.gitIgnore ?? true, errorOnUnmatched: true });
      return files.map((path) => path.slice(box.path.length + 1));
    };

    it('counts outside of repositories, too, from the widest argument down', () => {
      assert.deepEqual(found(['.']), ['p/src/a.ts']);
      assert.deepEqual(found(['..'], { cwd: box.at('p/src') }), ['p/src/a.ts']);
    });

    it('does not count when told so', () => {
      assert.deepEqual(found(['.'], { gitIgnore: false }), ['p/gen/b.ts', 'p/gen/deep/c.ts', 'p/src/a.ts']);
    });

    it('is skipped with a warning when it is named as a file, and walked when it is named as a directory', () => {
      const options = { cwd: box.path, gitIgnore: true, errorOnUnmatched: true };
      const named = expand(['p/gen/b.ts'], options);
      assert.deepEqual([named.files.length, named.warnings.length, named.unusable.length], [0, 1, 0]);
      assert.deepEqual(found(['p/gen']), ['p/gen/b.ts', 'p/gen/deep/c.ts']);
    });

    it('is listed by its topmost directory', () => {
      const { skipped } = expand(['.'], { cwd: box.path, gitIgnore: true, errorOnUnmatched: true });
      assert.deepEqual(skipped, [{ path: box.at('p/gen'), note: 'ignored by .gitignore' }]);
    });

    it('stops at the border of another repository', () => {
      execFileSync('git', ['init', '-q', box.path]);
      box.write({ '.gitignore': '*.ts\n', 'p/.git/HEAD': '' });
      assert.deepEqual(found(['p/src']), ['p/src/a.ts']);
    });

    it('never enters node_modules and .git', () => {
      box.write({ 'p/node_modules/m/i.js': '', 'p/.git/hooks/h.js': '' });
      assert.deepEqual(found(['.'], { gitIgnore: false }), ['p/gen/b.ts', 'p/gen/deep/c.ts', 'p/src/a.ts']);
      assert.deepEqual(found(['p/node_modules/m/i.js']), ['p/node_modules/m/i.js'], 'unless it is named');
    });

    it('knows globs', () => {
      assert.deepEqual(found(['p/**/{b,c}.ts'], { gitIgnore: false }), ['p/gen/b.ts', 'p/gen/deep/c.ts']);
      assert.deepEqual(found(['./p/*/*.ts']), ['p/src/a.ts']);
      assert.deepEqual(found(['../*/*.ts'], { cwd: box.at('p/src') }), ['p/src/a.ts']);
    });
  });
});
