import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

describe('the demo', () => {
  it('finds leaks of every grade, repairs them and finds none', () => {
    const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['test/demo/demo.mjs'], { encoding: 'utf8', env });
    assert.equal(status, 0, stdout + stderr);
    const first = stdout.slice(0, stdout.indexOf('\n2. '));
    for (const grade of ['error', 'warning', 'info']) assert.match(first, new RegExp(`^ +\\d+:\\d+ +${grade} `, 'm'));
    assert.match(first, /acquired here[\s\S]*leaves here/);
    assert.match(stdout, /^src\/.* \+\d+ -\d+$/m);
    assert.equal(stderr.match(/\d fix(?:es)? applied/g)?.length, 2, 'safe fixes and suggestions are two steps');
    assert.match(stderr, /No leaks found.*\n.* 0 leaking/);
  });
});
