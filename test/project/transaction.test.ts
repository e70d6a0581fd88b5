import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Claims } from '../../server/project/fix/claims.ts';
import { commit } from '../../server/project/fix/transaction.ts';
import { Sandbox } from '../cli/support/run.ts';

describe('writing fixes', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const read = (name: string): string => readFileSync(box.at(name), 'utf8');

  it('writes all files or none', () => {
    box.write({ 'a.ts': 'a', 'b.ts': 'changed meanwhile' });
    const failure = commit([
      { path: box.at('a.ts'), before: 'a', after: 'A' },
      { path: box.at('new.ts'), before: undefined, after: 'N' },
      { path: box.at('b.ts'), before: 'b', after: 'B' },
    ]);
    assert.deepEqual(failure, { path: box.at('b.ts'), message: 'not fixed: the file changed on disk meanwhile' });
    assert.deepEqual([read('a.ts'), read('b.ts')], ['a', 'changed meanwhile']);
    assert.deepEqual(readdirSync(box.path), ['a.ts', 'b.ts']);
  });

  it('takes back what it wrote when a later file fails at the last moment', () => {
    box.write({ 'a.ts': 'a' });
    const failure = commit([
      { path: box.at('a.ts'), before: 'a', after: 'A' },
      { path: box.at('new.ts'), before: undefined, after: 'N' },
      // The same file again: it exists by the time it is put in place.
      { path: box.at('new.ts'), before: undefined, after: 'M' },
    ]);
    assert.equal(failure?.message, 'not fixed: cannot be written: exists already (EEXIST)');
    assert.equal(read('a.ts'), 'a');
    assert.equal(existsSync(box.at('new.ts')), false);
    assert.deepEqual(readdirSync(box.path), ['a.ts']);
  });

  it('does not write over what exists, nor through what is no file', () => {
    box.write({ 'a.ts': 'a' });
    mkdirSync(box.at('d.ts'));
    assert.match(commit([{ path: box.at('a.ts'), before: undefined, after: 'A' }])?.message ?? '', /exists already/);
    assert.match(commit([{ path: box.at('d.ts'), before: 'd', after: 'D' }])?.message ?? '', /changed on disk/);
    assert.match(commit([{ path: box.at('gone.ts'), before: 'd', after: 'D' }])?.message ?? '', /no such file/);
    assert.match(commit([{ path: box.at('no/x.ts'), before: undefined, after: 'D' }])?.message ?? '', /no such file/);
    assert.equal(read('a.ts'), 'a');
  });
});

describe('claims', () => {
  const edit = (...ranges: [path: string, ...[number, number][]][]) => ({
    files: ranges.map(([path, ...edits]) => ({
      path,
      create: false,
      edits: edits.map(([start, end]) => ({ start, end, text: '' })),
    })),
  });

  it('are free while they do not touch, and cover what lies between two edits', () => {
    const claims = new Claims();
    assert.equal(claims.take(edit(['a', [10, 10], [30, 31]])), true);
    assert.equal(claims.take(edit(['a', [15, 16]])), false, 'inside');
    assert.equal(claims.take(edit(['a', [5, 10]])), false, 'touching');
    assert.equal(claims.take(edit(['a', [0, 9]])), true);
    assert.equal(claims.take(edit(['b', [0, 9]], ['a', [31, 32]])), false, 'in one of its files');
    assert.equal(claims.take(edit(['b', [0, 9]])), true, 'what was refused took nothing');
  });
});
