import assert from 'node:assert/strict';
import { readdirSync, symlinkSync } from 'node:fs';
import { createTypeTier } from '../../../server/project/types/tier.ts';
import type { TypeTier } from '../../../server/project/types/typeTier.ts';
import { createFixture, declarations, type Fixture } from './support.ts';

const usesPool = `import { Pool } from 'pg'; new Pool().«connect»();`;
const connect = ['pg@8.15.4 Pool.connect'];
const options = { strict: true, module: 'nodenext', target: 'es2022', lib: ['es2022'], types: ['node'] };
const tsconfig = JSON.stringify({ compilerOptions: options });

for (const backend of ['native', 'typescript6'] as const) {
  describe(`projects of the ${backend} back-end`, () => {
    const executable = backend === 'native' ? undefined : null;
    let fixture: Fixture | undefined;
    let tier: TypeTier;

    const start = (files: Record<string, string>, withPackages = true): Fixture => {
      fixture = createFixture(files, withPackages);
      return fixture;
    };
    const asked = (name: string, text: string) => declarations(tier, (fixture as Fixture).path(name), text);

    const problems = () =>
      tier
        .problems()
        .filter(({ path }) => path.startsWith((fixture as Fixture).root))
        .map(({ path }) => path.slice((fixture as Fixture).root.length))
        .sort();

    // One tier for all of them: what one project does must not harm the next.
    before(() => {
      tier = createTypeTier({ executable });
    });
    after(() => tier.close());
    afterEach(() => fixture?.remove());

    it('expands the references of a solution', () => {
      const libUse = `import { makeStore } from '@lib/store'; «makeStore»().«close»();`;
      start({
        'tsconfig.json': JSON.stringify({
          files: [],
          references: [{ path: './app' }, { path: './lib/tsconfig.lib.json' }],
        }),
        'app/tsconfig.json': JSON.stringify({
          compilerOptions: { ...options, composite: true, paths: { '@lib/*': ['../lib/src/*'] } },
          include: ['src'],
          references: [{ path: '../lib/tsconfig.lib.json' }],
        }),
        'app/src/main.ts': libUse,
        'lib/tsconfig.lib.json': JSON.stringify({
          compilerOptions: { ...options, composite: true, outDir: 'dist' },
          include: ['src'],
        }),
        'lib/src/store.ts': `export class Store { close() {} } export const makeStore = () => new Store();`,
        'lib/src/pool.ts': usesPool,
      });
      assert.deepEqual(asked('app/src/main.ts', libUse), ['project makeStore', 'project Store.close']);
      assert.deepEqual(asked('lib/src/pool.ts', usesPool), connect);
      assert.equal(tier.backend, backend);
      assert.deepEqual(problems(), []);
    });

    it('reads the sources of a referenced workspace package that was never built', () => {
      const use = `import { makeStore } from 'store'; «makeStore»();`;
      start({
        'app/tsconfig.json': JSON.stringify({
          compilerOptions: options,
          include: ['src'],
          references: [{ path: '../store' }],
        }),
        'app/src/main.ts': use,
        'app/package.json': '{ "type": "module" }',
        'store/package.json': '{ "name": "store", "version": "1.0.0", "type": "module", "types": "dist/index.d.ts" }',
        'store/tsconfig.json': JSON.stringify({
          compilerOptions: { ...options, composite: true, rootDir: 'src', outDir: 'dist' },
          include: ['src'],
        }),
        'store/src/index.ts': 'export function makeStore() {}',
      });
      symlinkSync('../store', (fixture as Fixture).path('node_modules/store'));
      assert.deepEqual(asked('app/src/main.ts', use), ['project makeStore']);
    });

    it('understands baseUrl and node10 resolution', () => {
      const code = `import { local } from 'lib/local'; import { Pool } from 'pg'; import { near } from '@near/thing'; import { deep } from 'deep/lib/inner';
        «local»(); «near»(); «deep»(); new Pool().«connect»();`;
      start({
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            module: 'commonjs',
            moduleResolution: 'node',
            esModuleInterop: true,
            baseUrl: 'src',
            paths: { '@near/*': ['near/*'] },
          },
        }),
        'src/main.ts': code,
        'src/lib/local.ts': 'export const local = () => {};',
        'src/near/thing.ts': 'export const near = () => {};',
      });
      (fixture as Fixture).write(
        'node_modules/deep/package.json',
        '{ "name": "deep", "version": "3.0.0", "exports": "./x.js" }',
      );
      (fixture as Fixture).write('node_modules/deep/lib/inner.d.ts', 'export function deep(): void;');
      assert.deepEqual(asked('src/main.ts', code), ['project local', 'project near', 'deep@3.0.0 deep', ...connect]);
      assert.equal(tier.backend, backend);
    });

    it('finds @types/node as TypeScript 5 did, without being told', () => {
      const code = `process.«exit»(); setTimeout(() => {}).«unref»();`;
      start({ 'tsconfig.json': '{}', 'main.ts': code });
      assert.deepEqual(asked('main.ts', code), ['node [process] Process.exit', 'node [timers] Timeout.unref']);
    });

    it('answers with TypeScript 6 where esModuleInterop is off', () => {
      const code = `import * as Redis from 'cjs-class'; new Redis().«quit»();`;
      start({
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'commonjs', target: 'es5', esModuleInterop: false },
        }),
        'main.ts': code,
        'other/tsconfig.json': tsconfig,
        'other/main.ts': usesPool,
      });
      assert.deepEqual(asked('main.ts', code), ['cjs-class@1.2.3 Redis.quit']);
      assert.equal(tier.backend, 'typescript6');
      assert.deepEqual(asked('other/main.ts', usesPool), connect);
      assert.equal(tier.backend, backend);
    });

    it('assumes the defaults of the TypeScript that is installed', () => {
      const code = `import * as Redis from 'cjs-class'; new Redis().«quit»();`;
      start({ 'tsconfig.json': '{}', 'main.ts': code });
      (fixture as Fixture).write('node_modules/typescript/package.json', '{ "version": "5.4.2" }');
      assert.deepEqual(asked('main.ts', code), ['cjs-class@1.2.3 Redis.quit']);
      assert.equal(tier.backend, 'typescript6');
    });

    it('gives loose TypeScript and JavaScript files a project', () => {
      const js = `const net = require('node:net'); const { Pool } = require('pg'); net.«connect»(1); new Pool().«connect»();`;
      const ts = `import { Server } from 'node:net'; import { helper } from './helper'; new «Server»(); «helper»();`;
      start({
        'scripts/a.cjs': js,
        'scripts/b.ts': ts,
        'scripts/helper.js': 'export function helper() {}',
        'c.js': js,
      });
      const before = readdirSync((fixture as Fixture).root, { recursive: true }).length;
      assert.deepEqual(asked('scripts/a.cjs', js), ['node [net] connect', ...connect]);
      assert.deepEqual(asked('scripts/b.ts', ts), ['node [net] Server', 'project helper']);
      assert.deepEqual(asked('c.js', js), ['node [net] connect', ...connect]);
      assert.equal(tier.backend, backend);
      assert.equal(
        readdirSync((fixture as Fixture).root, { recursive: true }).length,
        before,
        'nothing may be written',
      );
    });

    it('works for loose files without any node_modules', () => {
      const code = `import { connect } from 'node:net'; «connect»(1); [1].«map»(String); «local»(); function local() {}`;
      start({ 'a.ts': code }, false);
      assert.deepEqual(asked('a.ts', code), ['?', 'typescript Array.map', 'project local']);
    });

    it('gives files that the nearest tsconfig excludes its options', () => {
      const code = `import { local } from 'lib/local'; «local»();`;
      start({
        'tsconfig.json': JSON.stringify({
          compilerOptions: { ...options, module: 'esnext', moduleResolution: 'bundler', baseUrl: 'src' },
          include: ['src'],
        }),
        'src/lib/local.ts': 'export const local = () => {};',
        'test/local.test.ts': code,
      });
      assert.deepEqual(asked('test/local.test.ts', code), ['project local']);
    });

    it('asks the nearest project about files that it only imports', () => {
      start({
        'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['main.ts'] }),
        'main.ts': `import './used.js';`,
        'used.ts': usesPool,
      });
      assert.deepEqual(asked('used.ts', usesPool), connect);
    });

    it('survives missing, broken and dangling configurations, and says so', () => {
      start({
        'broken/tsconfig.json': '{ "compilerOptions": { "strict": tru ',
        'broken/main.ts': usesPool,
        'dangling/tsconfig.json': JSON.stringify({
          extends: '@tsconfig/nowhere/tsconfig.json',
          compilerOptions: options,
        }),
        'dangling/main.ts': usesPool,
        'solution/tsconfig.json': JSON.stringify({ files: [], references: [{ path: './gone' }] }),
        'solution/main.ts': usesPool,
        'good/tsconfig.json': tsconfig,
        'good/main.ts': usesPool,
      });
      for (const name of ['broken', 'dangling', 'solution', 'good', 'broken']) {
        assert.deepEqual(asked(`${name}/main.ts`, usesPool), connect, name);
      }
      tier.update(new Map([[(fixture as Fixture).path('good/main.ts'), `\n${usesPool.replaceAll(/[«»]/g, '')}`]]));
      assert.deepEqual(asked('good/main.ts', `\n${usesPool}`), connect);
      assert.deepEqual(problems(), [
        '/broken/tsconfig.json',
        '/dangling/tsconfig.json',
        '/solution/gone/tsconfig.json',
      ]);
      assert.equal(tier.backend, backend);
    });

    it('stops complaining about a configuration that was repaired', () => {
      start({ 'tsconfig.json': '{ "compilerOptions": {', 'main.ts': usesPool });
      asked('main.ts', usesPool);
      assert.deepEqual(problems(), ['/tsconfig.json']);
      (fixture as Fixture).write('tsconfig.json', tsconfig);
      tier.update(new Map([[(fixture as Fixture).path('tsconfig.json'), undefined]]));
      assert.deepEqual(asked('main.ts', usesPool), connect);
      assert.deepEqual(problems(), []);
    });

    it('survives the removal of a configuration', () => {
      start({ 'a/tsconfig.json': tsconfig, 'a/main.ts': usesPool });
      assert.deepEqual(asked('a/main.ts', usesPool), connect);
      (fixture as Fixture).delete('a/tsconfig.json');
      tier.update(new Map([[(fixture as Fixture).path('a/tsconfig.json'), undefined]]));
      assert.deepEqual(asked('a/main.ts', usesPool), connect);
      assert.equal(tier.backend, backend);
    });

    it('survives Vue files as neighbours, imports, roots and questions', () => {
      const code = `import App from './App.vue'; import { Pool } from 'pg'; new App(); new Pool().«connect»();`;
      start({
        'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['main.ts', 'App.vue'] }),
        'main.ts': code,
        'App.vue': '<template/>',
        'loose/App.vue': '<template/>',
        'loose/script.ts': code,
      });
      assert.deepEqual(asked('App.vue', '«<template/>'), ['?']);
      assert.deepEqual(asked('main.ts', code), connect);
      assert.deepEqual(asked('loose/script.ts', code), connect);
      tier.update(new Map([[(fixture as Fixture).path('App.vue'), '<template>x</template>']]));
      assert.deepEqual(asked('main.ts', code), connect);
      assert.equal(tier.backend, backend);
    });

    it('visits tens of projects, and returns to the first', () => {
      const count = backend === 'native' ? 30 : 5;
      const names = Array.from({ length: count }, (_, index) => `p${index}`);
      start(
        Object.fromEntries(
          names.flatMap((name) => [
            [`${name}/tsconfig.json`, tsconfig],
            [`${name}/main.ts`, usesPool],
          ]),
        ),
      );
      for (const name of [...names, 'p0']) {
        assert.deepEqual(asked(`${name}/main.ts`, usesPool), connect, name);
      }
      assert.equal(tier.backend, backend);
    });
  });
}
