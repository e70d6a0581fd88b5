import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import { parseConfig } from '../../server/project/config/configFile.ts';
import { publishedSchema } from '../../server/project/config/publishedSchema.ts';

const problemsOf = (value: unknown): readonly string[] => {
  const result = parseConfig('/leakproof.jsonc', JSON.stringify(value));
  return 'problems' in result ? result.problems : [];
};

const ajv = new Ajv({ strict: false, validateFormats: false });
const published = ajv.compile(JSON.parse(publishedSchema()));

describe('the schema of leakproof.jsonc', () => {
  it('is published as it is', () => {
    const committed = readFileSync('media/leakproof.schema.json', 'utf8');
    assert.equal(committed, publishedSchema(), 'media/leakproof.schema.json is stale; run npm run generate');
  });

  it('accepts every model that ships, and gives it back', () => {
    const json = JSON.stringify({ models: libraryModels }, (_key, value) =>
      value instanceof RegExp ? String(value) : value,
    );
    assert.deepEqual(problemsOf(JSON.parse(json)), []);
    const config = parseConfig('/leakproof.jsonc', json);
    assert.ok(!('problems' in config));
    // The parser's objects have no prototype.
    assert.deepEqual(structuredClone(config.models), structuredClone(libraryModels));
  });

  it('means the same to the validator that writes messages and to any other', () => {
    const word = fc.constantFrom(
      'recommended',
      'strict',
      'auto',
      'never',
      'off',
      'warning',
      'pg',
      'value',
      'method',
      '',
    );
    const key = fc.constantFrom(
      'preset',
      'rules',
      'ignore',
      'overrides',
      'files',
      'timeoutMs',
      'disposal',
      'models',
      'root',
      '$schema',
      'via',
      'by',
      'unreturned-pool-get',
      'library',
      'packages',
      'modules',
      'types',
      'acquisitions',
      'name',
      'parameters',
      '0',
      'other',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.constantFrom(0, 1, 0.5, -1, 10_000, true, false, null),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const lists = fc.array(word, { maxLength: 2 });
    const severity = fc.dictionary(key, word, { maxKeys: 2 });
    const override = fc.record({ files: lists, rules: severity, preset: word, other: word }, { requiredKeys: [] });
    const likely = fc.record(
      {
        preset: word,
        rules: severity,
        ignore: lists,
        overrides: fc.array(fc.oneof(override, value), { maxLength: 2 }),
        timeoutMs: fc.constantFrom(1, 0, 2.5, 'x'),
        disposal: word,
        root: fc.constantFrom(true, 'yes'),
        models: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(likely, value), (config) => {
        assert.equal(problemsOf(config).length === 0, published(config), JSON.stringify(problemsOf(config)));
      }),
      { numRuns: 3000 },
    );
  });

  const model = { library: 'x', packages: [{ name: 'x' }], modules: {}, types: {} };
  const acquisition = {
    at: { type: 'Pool', member: 'get' },
    yields: [{ via: 'promise' }],
    duty: 'pooled',
    kind: 'thing',
    discharges: [{ by: 'method', name: 'free' }],
    preferred: { by: 'method', name: 'free' },
    consequence: 'the pool runs dry',
  };
  const mistakes: readonly [what: string, model: object, problem: RegExp][] = [
    [
      'a form that lacks a key',
      { ...acquisition, yields: [{ via: 'callback' }] },
      /`parameter` is missing here; add it/,
    ],
    [
      'a form nobody knows',
      { ...acquisition, yields: [{ via: 'magic' }] },
      /must have one of these forms: \{ "via": "value", "path"\? \} or /,
    ],
    [
      'a malformed expression',
      { ...acquisition, conventional: { receiver: '(', uses: ['x'] } },
      /Unterminated group; write its source/,
    ],
    [
      'a malformed range',
      { ...acquisition, disposal: [{ versions: 'new', disposal: 'none' }] },
      /"new" is no semver range/,
    ],
    ['a duty nobody knows', { ...acquisition, duty: 'pool' }, /must be one of "pooled", .*; did you mean "pooled"\?/],
    ['an empty list', { ...acquisition, discharges: [] }, /must not be empty; add an entry/],
  ];
  for (const [what, wrong, problem] of mistakes) {
    it(`says what is wrong with ${what}`, () => {
      assert.match(problemsOf({ models: [{ ...model, acquisitions: [wrong] }] })[0] ?? '', problem);
    });
  }
});
