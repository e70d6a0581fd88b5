import assert from 'node:assert/strict';
import { fakeCli, type RunResult, runNode, Sandbox } from './support/run.ts';

describe('the command line', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox().write({ 'a.ts': 'fine();\n' });
  });
  afterEach(() => box.dispose());

  const run = (...args: string[]): Promise<RunResult> => runNode(fakeCli, args, { cwd: box.path });

  const mistakes: readonly [args: string[], message: RegExp][] = [
    [['check', '--fx', '.'], /unknown option --fx; did you mean --fix\?/],
    [['check', '-z', '.'], /unknown option -z/],
    [['check', '--fix=yes', '.'], /--fix takes no value/],
    [['check', '--format'], /--format needs a value/],
    [['check', '--format', 'jsn', '.'], /unknown format "jsn"; did you mean json\?/],
    [['check', '--format', 'json', '--format', 'unix', '.'], /only one --format can write to standard output/],
    [['check', '--types', 'some', '.'], /--types takes auto, off or required, not "some"/],
    [['check', '--preset', 'recomended', '.'], /did you mean recommended\?/],
    [['check', '--config', 'a', '--config', 'b', '.'], /--config is given more than once/],
    [['check', '--max-warnings', 'many', '.'], /--max-warnings takes a whole number, not "many"/],
    [['check', '--max-warnings=-1', '.'], /--max-warnings takes a whole number/],
    [['check'], /no path given/],
    [['check', '--stdin-filename', 'a.ts', 'b.ts'], /takes no paths besides/],
    [['check', '--stdin-filename', 'a.ts', '--fix'], /--fix-dry-run prints the fixes as a patch/],
    [['check', '--fix-dry-run', '--format', 'json', '.'], /prints a patch to standard output/],
    [['a.ts'], /to check a path, write: leakproof check a\.ts/],
    [['src'], /write: leakproof check src/],
    [['chekc', '.'], /unknown command "chekc"; did you mean `check`\?/],
    [['--quiet'], /no command given; there are check, explain, add and lsp/],
    [['explain'], /explain needs a rule/],
    [['explain', 'unreturned-pool-gets'], /did you mean `unreturned-pool-get`\?/],
    [['explain', 'a', 'b'], /explain takes one rule/],
  ];
  for (const [args, message] of mistakes) {
    it(`ends with 2 for ${args.join(' ')}`, async () => {
      const { status, stdout, stderr } = await run(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1, 'one clear line');
    });
  }

  it('prints its help on request, and unasked as an error', async () => {
    const asked = await run('--help');
    assert.equal(asked.status, 0);
    assert.match(asked.stdout, /leakproof check <paths…>/);
    const bare = await run();
    assert.deepEqual([bare.status, bare.stdout, bare.stderr], [2, '', asked.stdout]);
  });

  it('names every option in its help', async () => {
    const { stdout } = await run('--help');
    const source = await import('../../server/cli/arguments.ts');
    for (const name of source.optionNames) assert.ok(stdout.includes(`--${name}`), name);
  });

  it('prints its version', async () => {
    const { status, stdout } = await run('--version');
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('lists and explains rules', async () => {
    const text = await run('--rules');
    assert.match(text.stdout, /^pools\n(?: {2}.*\n)* {2}unreturned-pool-get {2,}error/m);
    const json = JSON.parse((await run('--rules', '--format', 'json')).stdout);
    const rule = json.find(({ id }: { id: string }) => id === 'unreturned-pool-get');
    assert.deepEqual(Object.keys(rule), ['id', 'family', 'preset', 'severity', 'summary', 'patterns']);
    for (const args of [
      ['explain', rule.id],
      ['--explain', rule.id],
      ['check', '--explain', rule.id],
    ]) {
      const { status, stdout } = await run(...args);
      assert.equal(status, 0);
      assert.match(stdout, /pools, recommended, error\n$/);
      assert.ok(!stdout.includes('\u001b['), 'a pipe has no colours');
    }
  });
});
