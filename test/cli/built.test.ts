import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseOutput } from './support/output.ts';
import { builtCli, runNode, Sandbox } from './support/run.ts';

const leak = `import { Pool } from 'pg';
const pool = new Pool();
export async function first(id: string) {
  const client = await pool.connect();
  const { rows } = await client.query('select 1', [id]);
  if (rows.length === 0) return undefined;
  client.release();
  return rows[0];
}
`;

describe('the command as it ships', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  it('finds a leak in a file without types, and says the same to everybody', async () => {
    box.write({ 'src/first.ts': leak, 'src/other.ts': 'export const one = 1;\n' });
    const args = ['check', '.', '--format=json', '--no-timing'];
    const { status, stdout, stderr } = await runNode(builtCli, args, { cwd: box.path });
    assert.deepEqual([status, stderr], [1, '']);
    const output = parseOutput(stdout);
    assert.deepEqual(
      output.findings.map(({ rule, path, start }) => `${path}:${start.line}:${start.column} ${rule}`),
      ['src/first.ts:4:29 unreturned-pool-get'],
    );
    assert.deepEqual([output.files.seen, output.files.parsed], [2, 1]);
    const stdin = ['check', '--stdin-filename=src/first.ts', '--format=json', '--no-timing'];
    const piped = parseOutput((await runNode(builtCli, stdin, { cwd: box.path, stdin: leak })).stdout);
    assert.deepEqual(piped.findings, output.findings);
  });

  it('finds the same wherever a checkout lies', async () => {
    const shop = {
      'package.json': '{ "private": true, "scripts": { "start": "node src/main.js" } }',
      'src/main.js': "require('./setup');\nrequire('./load').load();\n",
      'src/setup.js': "const axios = require('axios');\naxios.defaults.timeout = 5000;\n",
      'src/load.js': "const axios = require('axios');\nexports.load = async () => axios.get('https://shop.example');\n",
      'src/first.ts': leak,
    };
    const found = async (directory: string): Promise<readonly string[]> => {
      box.write(Object.fromEntries(Object.entries(shop).map(([path, text]) => [`${directory}/${path}`, text])));
      const args = ['check', '.', '--format=json', '--no-timing'];
      const { stdout } = await runNode(builtCli, args, { cwd: box.at(directory) });
      return parseOutput(stdout).findings.map(
        ({ rule, path, start, severity }) => `${path}:${start.line} ${severity} ${rule}`,
      );
    };
    const expected = ['src/first.ts:4 error unreturned-pool-get'];
    for (const directory of ['shop', 'tests/shop', 'examples', 'scripts']) {
      assert.deepEqual(await found(directory), expected, directory);
    }
  }).timeout(60_000);

  it('never loads the parser before a file passed the pre-filter', () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(path, 'utf8');
      for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?["']([^"']+)["'];?$/gm)) {
        assert.notEqual(specifier, 'typescript', `${path} imports it`);
        if (specifier.startsWith('.')) visit(join(dirname(path), specifier));
      }
    };
    visit('dist/cli.mjs');
    visit('dist/worker.mjs');
    assert.ok(seen.size > 3);
  });
});
