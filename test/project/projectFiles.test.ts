import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { ProjectFiles } from '../../server/project/files/projectFiles.ts';
import { SourceStore } from '../../server/project/files/sourceStore.ts';
import { Sandbox } from '../cli/support/run.ts';

describe('files of a project', () => {
  let box: Sandbox;
  let store: SourceStore;
  let files: ProjectFiles;
  beforeEach(() => {
    box = new Sandbox();
    store = new SourceStore();
    files = new ProjectFiles(store);
    files.lookAt([], true);
  });
  afterEach(() => box.dispose());

  const mentioning = (from: string, word: string): readonly string[] | undefined =>
    files.mentioning(box.at(from), word)?.map((path) => path.slice(box.path.length + 1));

  it('finds whole identifiers in all of the repository, whatever is checked', () => {
    box.write({
      '.git/HEAD': '',
      'packages/a/package.json': '{}',
      'packages/a/x.ts': 'pool.release()',
      'packages/b/y.ts': 'const releases = 1; $release; release2; _release',
      'packages/b/z.tsx': '"release"',
      'packages/c/größe.js': 'größe.releaseÜ; ürelease',
      'packages/c/d.d.ts': 'release',
      'notes.md': 'release',
    });
    assert.deepEqual(mentioning('packages/a/x.ts', 'release'), ['packages/a/x.ts', 'packages/b/z.tsx']);
    assert.deepEqual(mentioning('packages/b/y.ts', '$release'), ['packages/b/y.ts']);
    assert.deepEqual(mentioning('packages/b/y.ts', 'größe'), ['packages/c/größe.js']);
  });

  it('leaves out what Git ignores and what is installed', () => {
    box.write({
      '.git/HEAD': '',
      '.gitignore': 'dist/\n',
      'a.ts': 'word',
      'dist/a.js': 'word',
      'node_modules/x/index.js': 'word',
      'lib/.gitignore': 'made.ts\n',
      'lib/made.ts': 'word',
      'lib/b.ts': 'word',
    });
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts', 'lib/b.ts']);
    // Whoever asks is among them.
    assert.deepEqual(mentioning('dist/a.js', 'word'), ['a.ts', 'dist/a.js', 'lib/b.ts']);
    files.lookAt([box.at('dist')], true);
    assert.deepEqual(mentioning('dist/a.js', 'word'), ['dist/a.js']);
    files.lookAt([], false);
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts', 'dist/a.js', 'lib/b.ts', 'lib/made.ts']);
  });

  it('takes the widest package outside of a repository, else the directory that was pointed at', () => {
    box.write({
      'p/package.json': '{}',
      'p/q/package.json': '{}',
      'p/q/a.ts': 'w',
      'p/b.ts': 'w',
      'c.ts': 'w',
      'd/e.ts': 'w',
    });
    assert.deepEqual(mentioning('p/q/a.ts', 'w'), ['p/b.ts', 'p/q/a.ts']);
    assert.deepEqual(mentioning('d/e.ts', 'w'), ['d/e.ts']);
    files.lookAt([box.path], true);
    assert.deepEqual(mentioning('d/e.ts', 'w'), ['c.ts', 'd/e.ts', 'p/b.ts', 'p/q/a.ts']);
  });

  it('follows edits, and files that come and go', () => {
    box.write({ '.git/HEAD': '', 'a.ts': 'word', 'b.ts': '' });
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts']);
    store.overlay(box.at('b.ts'), 'word');
    files.changed([box.at('b.ts')], 'text');
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts', 'b.ts']);
    store.overlay(box.at('new.ts'), 'word');
    files.changed([box.at('new.ts')], 'text');
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts', 'b.ts', 'new.ts']);
    store.overlay(box.at('new.ts'), undefined);
    files.changed([box.at('new.ts')], 'text');
    box.write({ 'sub/c.ts': 'word' });
    files.changed([box.at('sub')], 'files');
    assert.deepEqual(mentioning('a.ts', 'word'), ['a.ts', 'b.ts', 'sub/c.ts']);
    rmSync(box.at('a.ts'));
    files.changed([box.at('a.ts')], 'files');
    assert.deepEqual(mentioning('b.ts', 'word'), ['b.ts', 'sub/c.ts']);
    box.write({ '.gitignore': 'sub\n' });
    files.changed([box.at('.gitignore')], 'files');
    assert.deepEqual(mentioning('b.ts', 'word'), ['b.ts']);
  });

  it('says when there are too many', () => {
    box.write({ '.git/HEAD': '', 'a.ts': 'word', 'b.ts': '', 'c.ts': '' });
    const few = new ProjectFiles(store, 2);
    assert.equal(few.mentioning(box.at('a.ts'), 'word'), undefined);
  });
});
