import assert from 'node:assert/strict';
import { createTypeTier } from '../../../server/project/types/tier.ts';
import type { TypeTier } from '../../../server/project/types/typeTier.ts';
import { ask, createFixture, declarations, type Fixture, plain } from './support.ts';

const tsconfig = JSON.stringify({
  compilerOptions: {
    strict: true,
    noUnusedLocals: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    allowImportingTsExtensions: true,
  },
});
const usesPool = `import { Pool } from 'pg'; new Pool().«connect»();`;
const usesClient = `\n\nimport { Client } from 'pg'; const 名前 = '🧨'; new Client().«end»(); void 名前;`;

for (const [backend, isExpected] of [
  ['native', false],
  ['native', true],
  ['typescript6', false],
] as const) {
  describe(`edits for the ${backend} back-end${isExpected ? ', each followed by a question that was expected' : ''}`, () => {
    let fixture: Fixture;
    let tier: TypeTier;
    const asked = (name: string, text: string) => declarations(tier, fixture.path(name), text);
    const update = (name: string, text: string | undefined) => {
      tier.update(new Map([[fixture.path(name), text === undefined ? undefined : plain(text)]]));
      if (isExpected) tier.expect(fixture.path('main.ts'));
    };

    before(() => {
      fixture = createFixture({
        'tsconfig.json': tsconfig,
        'main.ts': usesPool,
        'store.ts': 'export class Store { close() {} }',
        'user.ts': `import { Store } from './store.ts'; export const open = () => new Store();`,
      });
      tier = createTypeTier({ executable: backend === 'native' ? undefined : null });
    });
    after(() => {
      tier.close();
      fixture.remove();
    });
    afterEach(() => {
      for (const name of ['main.ts', 'store.ts', 'user.ts', 'new.ts']) {
        update(name, undefined);
      }
    });

    it('answers on unsaved text, and on the disk again afterwards', () => {
      assert.deepEqual(asked('main.ts', usesPool), ['pg@8.15.4 Pool.connect']);
      update('main.ts', usesClient);
      assert.deepEqual(asked('main.ts', usesClient), ['pg@8.15.4 Client.end']);
      update('main.ts', undefined);
      assert.deepEqual(asked('main.ts', usesPool), ['pg@8.15.4 Pool.connect']);
    });

    it('never answers with the facts of an older state', () => {
      const use = `import { Store } from './store.ts'; new Store().«close»();`;
      for (let round = 0; round < 12; round += 1) {
        const name = round % 2 === 0 ? 'Door' : 'Gate';
        const padding = '\n'.repeat(round * 7);
        update(
          'store.ts',
          `${padding}export class ${name} { close() { return new ${name}(); } }\nexport class Store extends ${name} {}`,
        );
        update('main.ts', padding + use);
        // Aspects are read off the syntax tree, declarations off the checker: neither may lag behind the other.
        const facts = ask(tier, fixture.path('main.ts'), padding + use, ['result']);
        assert.deepEqual(facts, [`project ${name}.close -> project ${name}`]);
      }
    });

    it('does not mix up what was begun with what has changed since', () => {
      assert.deepEqual(asked('main.ts', usesPool), ['pg@8.15.4 Pool.connect']);
      update('main.ts', usesClient);
      tier.expect(fixture.path('main.ts'));
      tier.expect(fixture.path('user.ts'));
      update('main.ts', `${usesPool}\n`);
      update('store.ts', 'export class Store { end() {} }');
      assert.deepEqual(
        asked('user.ts', `import { Store } from './store.ts'; export const open = () => new «Store»();`),
        ['project Store'],
      );
      assert.deepEqual(asked('main.ts', usesPool), ['pg@8.15.4 Pool.connect']);
      tier.expect(fixture.path('main.ts'));
      assert.deepEqual(asked('main.ts', usesPool), ['pg@8.15.4 Pool.connect']);
    });

    it('knows a new file that was never saved', () => {
      const made = `import { Pool } from 'pg'; export const make = () => new Pool().«connect»();`;
      update('new.ts', made);
      assert.deepEqual(asked('new.ts', made), ['pg@8.15.4 Pool.connect']);
    });

    it('learns of files and packages that appear and vanish', () => {
      const use = `import { late } from './late.ts'; import { after } from 'afterwards'; «late»(); «after»();`;
      update('main.ts', use);
      assert.deepEqual(asked('main.ts', use), ['?', '?']);
      fixture.write('late.ts', 'export function late() {}');
      fixture.write('node_modules/afterwards/package.json', '{ "version": "1.0.0", "types": "i.d.ts" }');
      fixture.write('node_modules/afterwards/i.d.ts', 'export function after(): void;');
      const created = ['late.ts', 'node_modules/afterwards/package.json', 'node_modules/afterwards/i.d.ts'];
      tier.update(new Map(created.map((name) => [fixture.path(name), undefined])));
      assert.deepEqual(asked('main.ts', use), ['project late', 'afterwards@1.0.0 after']);
      fixture.delete('late.ts');
      update('late.ts', undefined);
      assert.deepEqual(asked('main.ts', use), ['?', 'afterwards@1.0.0 after']);
    });

    it('follows a change of the options', () => {
      const use = `import { Store } from '@/store.ts'; new Store().«close»();`;
      update('main.ts', use);
      assert.deepEqual(asked('main.ts', use), ['?']);
      const { compilerOptions } = JSON.parse(tsconfig) as { compilerOptions: object };
      update('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, paths: { '@/*': ['./*'] } } }));
      assert.deepEqual(asked('main.ts', use), ['project Store.close']);
      update('tsconfig.json', undefined);
      assert.deepEqual(asked('main.ts', use), ['?']);
    });

    it('lists the errors that an edit introduces, and only those', () => {
      const text = `export const a: number = 'old';\nexport const n = '🧨'.length;\n`;
      update('user.ts', text);
      const path = fixture.path('user.ts');
      const before = asked('user.ts', '«');
      assert.deepEqual(tier.newErrors(path, `\n\n\n// shifted\n${text}`), []);
      const edited = `${text}export const b: string = n;\nconst unused = 1;\nexport const c: number = 'old';\n`;
      assert.deepEqual(
        tier
          .newErrors(path, edited)
          ?.map(({ code, start }) => [code, start])
          .sort(),
        [
          [2322, edited.indexOf('b: string')],
          [2322, edited.indexOf('c: number')],
          [6133, edited.indexOf('unused')],
        ].sort(),
      );
      assert.deepEqual(
        tier.newErrors(path, `${text}await using x = {`)?.some(({ message }) => message.includes("'}' expected")),
        true,
      );
      assert.deepEqual(asked('user.ts', '«'), before, 'the edit is taken back');
      assert.deepEqual(tier.newErrors(path, text), []);
    });

    it('judges a file with the others as they would be', () => {
      update('user.ts', `import { n } from './numbers.ts';\nexport const m = n;\n`);
      fixture.write('numbers.ts', 'export const n = 1;\n');
      update('numbers.ts', undefined);
      const [path, other, fresh] = ['user.ts', 'numbers.ts', 'fresh.ts'].map((name) => fixture.path(name));
      assert.ok(path && other && fresh);
      const codes = (text: string, others: ReadonlyMap<string, string>) =>
        tier.newErrors(path, text, others)?.map(({ code }) => code);
      const renamed = new Map([[other, 'export const k = 1;\n']]);
      // What another file's edit breaks here counts, although nothing was written here.
      assert.deepEqual(codes(`import { n } from './numbers.ts';\nexport const m = n;\n`, renamed), [2305]);
      assert.deepEqual(codes(`import { k } from './numbers.ts';\nexport const m = k;\n`, renamed), []);
      const uses = `import { f } from './fresh.ts';\nexport const m = f;\n`;
      assert.deepEqual(codes(uses, new Map()), [2307]);
      assert.deepEqual(codes(uses, new Map([[fresh, 'export const f = 1;\n']])), []);
      assert.deepEqual(codes(uses, new Map()), [2307], 'the edit is taken back');
    });

    it('takes an edit back also where there was unsaved text', () => {
      update('main.ts', usesClient);
      tier.newErrors(fixture.path('main.ts'), 'export {}');
      assert.deepEqual(asked('main.ts', usesClient), ['pg@8.15.4 Client.end']);
    });

    it('cannot tell errors of what is no source file', () => {
      assert.equal(tier.newErrors(fixture.path('App.vue'), ''), undefined);
    });
  });
}

describe('no type tier', () => {
  it('knows nothing and starts nothing', () => {
    const pids: unknown[] = [];
    const tier = createTypeTier({ mode: 'off', watch: { started: (pid) => pids.push(pid), begin() {}, end() {} } });
    assert.equal(tier.backend, 'none');
    assert.deepEqual(declarations(tier, '/tmp/a.ts', 'new «Pool»()'), ['?']);
    assert.equal(tier.newErrors('/tmp/a.ts', ''), undefined);
    tier.update(new Map([['/tmp/a.ts', '']]));
    assert.deepEqual(tier.problems(), []);
    tier.close();
    assert.deepEqual(pids, []);
  });
});
