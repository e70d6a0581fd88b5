import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import type { LibraryModel } from '../../server/analysis/resources/model.ts';
import { rules } from '../../server/analysis/rules/registry.generated.ts';
import { docs } from '../../server/project/catalog/docs.generated.ts';
import { rules as catalog } from '../../server/project/catalog/rules.generated.ts';
import { sourcesIn, words } from '../support/sourceGraph.ts';
import { readSpec } from '../support/specFile.ts';

const rulesDirectory = 'server/analysis/rules';
const folders = readdirSync(rulesDirectory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const specTexts = ['test/rules', 'test/resources']
  .flatMap((directory) => readdirSync(directory).map((name) => `${directory}/${name}`))
  .filter((path) => path.endsWith('.md'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

describe('rules and models', () => {
  for (const id of folders) {
    describe(id, () => {
      const documentation = (): string => readFileSync(`${rulesDirectory}/${id}/rule.md`, 'utf8');

      it('has its three files and its row', () => {
        for (const path of [
          `${rulesDirectory}/${id}/rule.ts`,
          `${rulesDirectory}/${id}/rule.md`,
          `test/rules/${id}.md`,
        ]) {
          assert.ok(existsSync(path), `${path} is missing`);
        }
        assert.ok(
          rules.some((rule) => rule.id === id),
          'run npm run generate',
        );
        assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
      });

      it('is documented in full', () => {
        const text = documentation();
        assert.ok(text.startsWith(`# ${id}\n`), 'the title is the id');
        const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
        assert.deepEqual(headings, ['What it reports', 'Why', 'Examples', 'Fix', 'When to suppress']);
        assert.equal(docs[id], text, 'run npm run generate');
      });

      it('shows flagged code and its correction', () => {
        const examples = readSpec(documentation());
        const flagged = examples.filter(({ files }) => files.some(({ markers }) => markers.length > 0));
        assert.ok(flagged.length > 0 && flagged.length < examples.length);
      });

      it('is specified by flagged and by silent cases', () => {
        const cases = readSpec(readFileSync(`test/rules/${id}.md`, 'utf8'));
        const claims = cases.map(({ files }) =>
          files.flatMap(({ markers }) => markers).some(({ claim }) => claim.kind === 'finding' && claim.rule === id),
        );
        assert.ok(claims.includes(true) && claims.includes(false));
        const titles = cases.map(({ title }) => title);
        assert.deepEqual(
          titles.filter((title, index) => titles.indexOf(title) !== index),
          [],
          'titles name one case each',
        );
      });
    });
  }

  it('the registry and the catalogue list the same rules', () => {
    assert.deepEqual(
      rules.map(({ id }) => id),
      folders,
    );
    assert.deepEqual(
      catalog.map(({ id }) => id),
      folders,
    );
    assert.deepEqual(Object.keys(docs), folders);
  });

  it('each spec belongs to a rule', () => {
    const others = new Set(['false-positives.md']);
    const orphans = readdirSync('test/rules').filter(
      (name) => name.endsWith('.md') && !others.has(name) && !folders.includes(name.slice(0, -3)),
    );
    assert.deepEqual(orphans, []);
  });

  it('each model is listed, under one name', () => {
    const files = sourcesIn('server/analysis/resources')
      .filter(({ text }) => /^export const \w+: LibraryModel =/m.test(text))
      .map(({ path }) => path.slice('server/analysis/resources/'.length));
    // A file may describe the packages that a library consists of, too.
    assert.ok(files.length <= libraryModels.length);
    for (const file of files) {
      const [, folder = '.', name] = /^(?:(.*)\/)?([^/]+)$/.exec(file) ?? [];
      const index = readFileSync(`server/analysis/resources/${folder}/index.ts`, 'utf8');
      assert.ok(index.includes(`'./${name}'`), `${file} is not in the index of its folder`);
    }
    const names = libraryModels.map(({ library }) => library);
    assert.deepEqual(names, [...new Set(names)]);
  });

  for (const model of libraryModels) {
    describe(`the model of ${model.library}`, () => {
      it('has a spec for each of its modules', () => {
        const missing = Object.keys(model.modules).filter(
          (specifier) => !specTexts.includes(`'${specifier}'`) && !specTexts.includes(`'node:${specifier}'`),
        );
        assert.deepEqual(missing, []);
      });

      it('refers to nothing that it does not describe', () => {
        assert.deepEqual(danglingNames(model), []);
      });

      it('says why a leak hurts, in a sentence that a message can end with', () => {
        for (const { consequence, kind, preferred, discharges } of model.acquisitions) {
          assert.match(consequence, /^\p{Ll}.*[^.]$/u);
          assert.match(kind, /^\p{Ll}/u);
          assert.ok(
            discharges.some((discharge) => JSON.stringify(discharge) === JSON.stringify(preferred)),
            'the preferred discharge is one of them',
          );
        }
      });
    });
  }

  it('no rule and no part of the engine names a library', () => {
    // Some libraries are called by words that everybody needs, and one is what the analysis itself reads with.
    const ordinary = new Set([
      'typescript',
      'node',
      'request',
      'got',
      'fetch',
      'http',
      'net',
      'tls',
      'events',
      'stream',
      'process',
      'redis',
    ]);
    const names = new Set(
      libraryModels
        .flatMap(({ library, packages }) => [library, ...packages.map((p) => p.name)])
        .filter((name) => !ordinary.has(name)),
    );
    const wrong = sourcesIn('server/analysis')
      .filter(({ path }) => !path.startsWith('server/analysis/resources/') && !path.endsWith('.generated.ts'))
      .flatMap((source) =>
        words(source)
          .filter(({ text }) => names.has(text))
          .map(({ text, line }) => `${source.path}:${line}: ${text}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('the engine speaks the vocabulary of the architecture', () => {
    // Regular expressions speak the language of what they look for. Each word has a better one: acquisition, discharge, witness, transfer, obligation.
    const foreign = /allocat|checkout|dealloc|sink\b|taint|counterexample|backtrace/i;
    const wrong = sourcesIn('server/analysis').flatMap((source) =>
      words(source)
        .filter(({ text }) => foreign.test(text) && !text.startsWith('/'))
        .map(({ text, line }) => `${source.path}:${line}: ${text}`),
    );
    assert.deepEqual(wrong, []);
  });
});

/** Type names that a model mentions and does not define. */
function danglingNames({ types, modules, globals, acquisitions }: LibraryModel): readonly string[] {
  const mentioned = new Set<string>();
  const keys = new Set(['value', 'type', 'class', 'returns', 'extends', 'resource', 'construct']);
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (keys.has(key)) mentioned.add(value);
    } else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) {
      for (const [inner, child] of Object.entries(value)) visit(child, key === 'parameters' ? 'type' : inner);
    }
  };
  visit([types, modules, globals, acquisitions], '');
  return [...mentioned].filter((name) => !Object.hasOwn(types, name));
}
