import assert from 'node:assert/strict';
import { runCase } from '../support/runCase.ts';
import { readSpec } from '../support/specFile.ts';

const leak = `import { Pool } from 'pg';
const pool = new Pool();
export async function leak() {
  const client = await pool.connect();
MARKER
  await client.query('select 1');
}`;

/** What the runner says about one case. */
function verdict(markdown: string): string {
  const [spec] = readSpec(`# Title\n\n${markdown}\n`);
  assert.ok(spec, 'no case was read');
  return runCase(spec).join('\n');
}

const fenced = (text: string, info = 'ts'): string => `## A case\n\n\`\`\`${info}\n${text}\n\`\`\`\n`;
const marked = (...lines: readonly string[]): string => fenced(leak.replace('MARKER', lines.join('\n')));
const connect = '//                          ^^^^^^^';

/** A runner that is content with everything would make all specs worthless. */
describe('the runner of specs', () => {
  it('is content when the case holds', () => {
    assert.equal(
      verdict(marked(`${connect} unreturned-pool-get error: never released`, `${connect} step: acquired here`)),
      '',
    );
    assert.equal(verdict(marked(`${connect} verdict leaking`, `${connect} unreturned-pool-get error`)), '');
    assert.equal(verdict(fenced('export const nothing = 1;')), '');
  });

  const failures: Readonly<Record<string, readonly [text: string, complaint: RegExp]>> = {
    'a finding that is not marked': [marked(), /unexpected unreturned-pool-get/],
    'a finding that does not come': [
      fenced('const client = 1;\n//    ^^^^^^ unreturned-pool-get error'),
      /no unreturned-pool-get at columns 7–12/,
    ],
    'another range': [marked(`${connect.slice(0, -1)} unreturned-pool-get error`), /no unreturned-pool-get/],
    'another severity': [marked(`${connect} unreturned-pool-get warning`), /severity error, expected warning/],
    'another message': [
      marked(`${connect} unreturned-pool-get error: on Tuesdays`),
      /expected it to say “on Tuesdays”/,
    ],
    'another rule': [marked(`${connect} other-rule error`), /no other-rule/],
    'two markers for one finding': [
      marked(`${connect} unreturned-pool-get error`, `${connect} unreturned-pool-get error`),
      /no unreturned-pool-get/,
    ],
    'another step': [
      marked(`${connect} unreturned-pool-get error`, `${connect} step: flies away`),
      /no witness step says “flies away”/,
    ],
    'another verdict': [
      marked(`${connect} unreturned-pool-get error`, `${connect} verdict proven`),
      /expected the verdict proven/,
    ],
    'a marker that says nothing': [marked(`${connect}`), /cannot read the marker/],
    'a marker without severity': [marked(`${connect} unreturned-pool-get`), /cannot read the marker/],
    'a marker above all code': [fenced('// ^^^ unreturned-pool-get error\nconst a = 1;'), /cannot read the marker/],
    'two files of one name': [
      fenced('const a = 1;') + fenced('const b = 1;').replace('## A case', ''),
      /two files are called/,
    ],
    'a useless suppression': [
      fenced('// leakproof-ignore unreturned-pool-get -- why\nconst a = 1;\npool.connect();'),
      /suppresses nothing/,
    ],
    'a fix that nobody offers': [
      marked(`${connect} unreturned-pool-get error`) + fenced('x', 'ts fixed="Burn it"').replace('## A case', ''),
      /0 findings offer the fix “Burn it”/,
    ],
    'a fix where none may be offered': [
      marked(`${connect} unreturned-pool-get error`).replace('## A case', '## A case {nofix}'),
      /the fix “Release in `finally`” is offered/,
    ],
    'a fix with another text': [
      marked(`${connect} unreturned-pool-get error`) +
        fenced('x', 'ts fixed="Release in `finally`"').replace('## A case', ''),
      /gives\n[\s\S]*finally[\s\S]*expected\nx/,
    ],
  };
  for (const [name, [text, complaint]] of Object.entries(failures)) {
    it(`complains about ${name}`, () => assert.match(verdict(text), complaint));
  }

  it('reads headings, options, files and prose', () => {
    const cases = readSpec(
      '# All\n\n## Theme\n\nProse with `code`.\n\n### One {preset=strict packages=pg@8.11.0}\n\n```ts file=src/a.ts\na;\n```\n\n```sh\nrm -rf\n```\n\n```js\nb;\n```\n\n## Two\n\n```ts\nc;\n```\n',
    );
    assert.deepEqual(
      cases.map(({ title, options, files }) => [title, options, files.map(({ path, text }) => `${path}: ${text}`)]),
      [
        ['Theme › One', { preset: 'strict', packages: 'pg@8.11.0' }, ['src/a.ts: a;\n', 'src/case.js: b;\n']],
        ['Two', {}, ['src/case.ts: c;\n']],
      ],
    );
  });
});
