import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { repository } from '../../server/lsp/docs.ts';
import { builtCli, runNode } from '../cli/support/run.ts';
import { TestClient } from './support/client.ts';

const sample = resolve('test/demo/sample');
const severities = { [DiagnosticSeverity.Error]: 'error', [DiagnosticSeverity.Warning]: 'warning' } as Record<
  number,
  string
>;

/** A finding as both drivers can tell it. */
interface Told {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly start: { line: number; column: number };
  readonly end: { line: number; column: number };
  readonly witness: readonly { path: string; line: number; column: number; label: string }[];
  readonly fixes: readonly { title: string; safety: string }[];
  readonly fingerprint: string;
}

const place = ({ line, character }: { line: number; character: number }) => ({ line: line + 1, column: character + 1 });

async function told(client: TestClient, path: string, item: Diagnostic): Promise<Told> {
  const actions = await client.actions(path, item.range);
  return {
    rule: String(item.code),
    severity: severities[item.severity ?? 0] ?? 'info',
    message: String(item.message),
    start: place(item.range.start),
    end: place(item.range.end),
    witness: (item.relatedInformation ?? []).map(({ location, message }) => {
      const { line, column } = place(location.range.start);
      return { path: fileURLToPath(location.uri).slice(sample.length + 1), line, column, label: message };
    }),
    fixes: actions
      .filter(({ isPreferred }) => isPreferred !== undefined)
      .map(({ title, isPreferred }) => ({ title, safety: isPreferred ? 'safe' : 'suggestion' })),
    fingerprint: (item.data as { fingerprint: string }).fingerprint,
  };
}

describe('the editor and the command line', function () {
  this.timeout(120_000);
  const running: TestClient[] = [];

  after(async () => {
    for (const client of running) await client.stop();
  });

  it('say the same of every file of the demo', async () => {
    const { stdout } = await runNode(builtCli, ['check', '.', '--format=json', '--no-timing'], { cwd: sample });
    const output: { findings: (Told & { path: string })[] } = JSON.parse(stdout);
    assert.ok(output.findings.length > 0);
    const client = await TestClient.start({ folders: [sample] });
    // A test that fails must not leave the server behind: nobody else would end it.
    running.push(client);
    const files = readdirSync(sample, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ts$/.test(name));
    for (const name of files) client.open(join(sample, name), readFileSync(join(sample, name), 'utf8'));
    for (const name of files) await client.settled(join(sample, name));
    for (const name of files.sort()) {
      const path = join(sample, name);
      const expected = output.findings
        .filter((finding) => finding.path === name)
        .map(({ rule, severity, message, start, end, witness, fixes, fingerprint }) => {
          return { rule, severity, message, start, end, witness, fixes: fixes.slice(0, 2), fingerprint };
        });
      const items = await client.until(path, (all) => mainOf(all).length === expected.length, 10_000);
      const found: Told[] = [];
      for (const item of mainOf(items)) found.push(await told(client, path, item));
      assert.deepEqual(found, expected, name);
    }
  });

  it('the documentation lies where the manifest says that the repository is', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal(`${repository}.git`, manifest.repository.url);
  });
});

function mainOf(items: readonly Diagnostic[]): Diagnostic[] {
  return items.filter(({ severity }) => severity !== DiagnosticSeverity.Hint);
}
