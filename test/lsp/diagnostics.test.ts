import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { Sandbox } from '../cli/support/run.ts';
import { TestClient, uri } from './support/client.ts';

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

describe('diagnostics', function () {
  this.timeout(60_000);
  let box: Sandbox;
  let client: TestClient;
  let file: string;

  beforeEach(async () => {
    box = new Sandbox().write({ 'package.json': '{ "name": "service" }', 'src/first.ts': leak });
    file = box.at('src/first.ts');
    client = await TestClient.start({ folders: [box.path] });
  });

  afterEach(async () => {
    await client.stop();
    assert.equal(client.stderr, '');
    box.dispose();
  });

  it('answers with the finding, the way to it and a hint at its end', async () => {
    client.open(file, leak);
    const [finding, hint, ...others] = await client.until(file, (items) => items.length === 2);
    assert.ok(finding && hint);
    assert.deepEqual(others, []);
    assert.deepEqual(finding.range, { start: { line: 3, character: 28 }, end: { line: 3, character: 35 } });
    assert.equal(finding.severity, DiagnosticSeverity.Error);
    assert.equal(finding.code, 'unreturned-pool-get');
    assert.equal(finding.source, 'leakproof');
    assert.match(finding.codeDescription?.href ?? '', /^https:.*\/v\d+\.\d+\.\d+\/.*unreturned-pool-get/);
    const steps = finding.relatedInformation ?? [];
    assert.equal(steps[0]?.location.range.start.line, 3);
    assert.equal(steps.at(-1)?.location.range.start.line, 5);
    assert.ok(steps.every(({ location }) => location.uri === uri(file)));
    assert.equal(hint.severity, DiagnosticSeverity.Hint);
    assert.equal(hint.range.start.line, 5);
    assert.match(String(hint.message), /leaves here.*; acquired at line 4$/);
    assert.deepEqual(hint.relatedInformation?.[0]?.location.range, finding.range);
    assert.match((finding.data as { fingerprint: string }).fingerprint, /^[0-9a-f]{28}$/);
  });
});
