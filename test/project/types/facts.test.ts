import assert from 'node:assert/strict';
import { createTypeTier } from '../../../server/project/types/tier.ts';
import type { TypeTier } from '../../../server/project/types/typeTier.ts';
import { ask, createFixture, declarations, type Fixture } from './support.ts';

interface Snippet {
  readonly says: string;
  readonly code: string;
  readonly facts: readonly string[];
  readonly file?: string;
}

const snippets: readonly Snippet[] = [
  {
    says: 'follows import aliases and strips @types',
    code: `import { Pool as P } from 'pg'; const pool = new «P»(); export const c = pool.«connect»();`,
    facts: [
      'pg@8.15.4 Pool -> pg@8.15.4 Pool; no promise; disposal none; signal none',
      'pg@8.15.4 Pool.connect -> pg@8.15.4 PoolClient; promise; disposal none; signal none',
    ],
  },
  {
    says: 'takes the overload that the call picks',
    code: `import { Pool } from 'pg'; new Pool().«connect»((e, client) => client?.«release»());`,
    facts: [
      'pg@8.15.4 Pool.connect; no promise; disposal none; signal none',
      'pg@8.15.4 ClientBase.release; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'counts positions in UTF-16 units',
    code: `const s = 'äöü€😀🧨'; import { Client } from 'pg'; export const x = [s, new «Client»().«end»()];`,
    facts: [
      'pg@8.15.4 Client -> pg@8.15.4 Client; no promise; disposal none; signal none',
      'pg@8.15.4 Client.end; promise; disposal none; signal none',
    ],
  },
  {
    says: 'sees through a namespace import and a renaming variable',
    code: `import * as pg from 'pg'; const { Pool } = pg; const make = pg.Client; new «Pool»(); new «make»(); new pg.«Pool»();`,
    facts: [
      'pg@8.15.4 Pool -> pg@8.15.4 Pool; no promise; disposal none; signal none',
      'pg@8.15.4 Client -> pg@8.15.4 Client; no promise; disposal none; signal none',
      'pg@8.15.4 Pool -> pg@8.15.4 Pool; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'does not take an instance for its class',
    code: `import { Pool } from 'pg'; const pool = new Pool(); export { «pool» as p }; «pool».end();`,
    facts: ['project pool; disposal none', 'project pool; disposal none'],
  },
  {
    says: 'names a scoped package behind its declarations, and finds a signal among the options',
    code: `import push, { wait, untyped, plain } from '@acme/queue'; «push»('a'); «wait»(undefined, 1); «untyped»({}); «plain»('');`,
    facts: [
      '@acme/queue@2.0.1 push -> @acme/queue@2.0.1 Job; promise; disposal none; signal 1',
      '@acme/queue@2.0.1 wait; promise; disposal none; signal 0',
      '@acme/queue@2.0.1 untyped; no promise; disposal none',
      '@acme/queue@2.0.1 plain; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'leaves open what depends on the run',
    code: `import { maybe, either } from '@acme/queue'; «maybe»(''); «either»();`,
    facts: [
      '@acme/queue@2.0.1 maybe -> @acme/queue@2.0.1 Job; disposal none; signal none',
      '@acme/queue@2.0.1 either; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'unwraps anything with a then method',
    code: `import { lazily, handle, identity, internals } from '@acme/queue'; «lazily»(); «handle»(); «identity»(handle()); internals.«spawn»().«stop»();`,
    facts: [
      '@acme/queue@2.0.1 lazily -> @acme/queue@2.0.1 Job; promise; disposal none; signal none',
      '@acme/queue@2.0.1 handle -> @acme/queue@2.0.1 Handle; no promise; disposal none; signal none',
      '@acme/queue@2.0.1 identity -> @acme/queue@2.0.1 Handle; no promise; disposal none; signal none',
      '@acme/queue@2.0.1 internals.spawn -> @acme/queue@2.0.1 internals.Worker; no promise; disposal none; signal none',
      '@acme/queue@2.0.1 Worker.stop; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'says never only when every signature does',
    code: `import { die, overloaded } from '@acme/queue'; export const f = () => «die»(); export const g = () => «overloaded»(''); export const h = () => process.«exit»(1);`,
    facts: [
      '@acme/queue@2.0.1 die; no promise; disposal none; signal none; never',
      '@acme/queue@2.0.1 overloaded; no promise; disposal none; signal none',
      'node [process] Process.exit; no promise; disposal none; signal none; never',
    ],
  },
  {
    says: 'finds disposal, also behind a computed unique symbol',
    code: `import { launch, frame, session, Browser } from 'browser-like'; «launch»(); «frame»(); «session»(); declare const b: Browser; «b».close();`,
    facts: [
      'browser-like@24.1.0 launch -> browser-like@24.1.0 Browser; promise; disposal both; signal none',
      'browser-like@24.1.0 frame -> browser-like@24.1.0 Frame; no promise; disposal sync; signal none',
      'browser-like@24.1.0 session -> browser-like@24.1.0 Session; promise; disposal async; signal none',
      'project b; disposal both',
    ],
  },
  {
    says: 'names the ambient module, whichever way it is imported and even around globals',
    code: `import { open } from 'node:fs/promises'; import fs from 'fs'; import { EventEmitter } from 'node:events';
      «open»(''); fs.«createReadStream»(''); new «EventEmitter»().«on»('x', () => {}); «setTimeout»(() => {}, 1).«unref»(); fs.promises.«open»('');`,
    facts: [
      'node [fs/promises] open -> node [fs/promises] FileHandle; promise; disposal async; signal none',
      'node [fs] createReadStream -> node [fs] ReadStream; no promise; disposal async; signal 1',
      'node [events] EventEmitter -> node [events] EventEmitter; no promise; disposal none; signal none',
      'node [events] EventEmitter.on -> node [events] EventEmitter; no promise; disposal none; signal none',
      'node [timers] setTimeout -> node [timers] NodeJS.Timeout; no promise; disposal sync; signal none',
      'node [timers] Timeout.unref -> node [timers] NodeJS.Timeout; no promise; disposal sync; signal none',
      'node [fs/promises] open -> node [fs/promises] FileHandle; promise; disposal async; signal none',
    ],
  },
  {
    says: 'answers modules, classes and enums of the project as its own',
    code: `import { «Store», makeStore, Level } from './own.ts'; import * as own from './own.ts'; import Anonymous from './anonymous.ts'; import Named from './named.ts';
      new Store().«close»(); «makeStore»(); Level.«High»; «own».makeStore(); new «Anonymous»(); new «Named»().«stop»();`,
    facts: [
      'project Store -> project Store; no promise; disposal sync; signal none',
      'project Store.close; promise; disposal none; signal 0',
      'project makeStore -> project Store; promise; disposal sync; signal none',
      'project Level.High; disposal none',
      'project *; disposal none',
      'project default -> project default; no promise; disposal none; signal none',
      'project Named -> project Named; no promise; disposal none; signal none',
      'project Named.stop; no promise; disposal none; signal none',
    ],
  },
  {
    says: 'never guesses',
    code: `declare const a: any; a.«connect»(); «missing»(); «a»(); import { gone } from './gone.ts'; «gone»(); import { nope } from 'pg'; «nope»(); (a as unknown as { b(): any }).«b»();`,
    facts: ['?', '?', 'project a', '?', '?', 'project b; signal none'],
  },
  {
    says: 'understands a call behind parentheses, `!`, `?.`, `await` and an assertion',
    code: `import { Pool } from 'pg'; declare const p: Pool | undefined; export const x = async () => [p?.«connect»(), await p!.«connect»(), (p as Pool).«connect»!(), (p!.«connect»)()];`,
    facts: Array.from(
      { length: 4 },
      () => 'pg@8.15.4 Pool.connect -> pg@8.15.4 PoolClient; promise; disposal none; signal none',
    ),
  },
  {
    says: 'prefers the package to an augmentation of the project',
    code: `import 'pg'; declare module 'pg' { interface PoolClient { extra(): void } } import type { PoolClient } from 'pg'; declare const c: «PoolClient»; c.«extra»();`,
    facts: ['pg@8.15.4 PoolClient', 'project [pg] PoolClient.extra; no promise; disposal none; signal none'],
  },
  {
    says: 'reads CommonJS in JavaScript',
    file: 'common.cjs',
    code: `const { Pool } = require('pg'); const Redis = require('cjs-class'); const pool = new «Pool»(); pool.«connect»(); new «Redis»().«quit»();`,
    facts: [
      'pg@8.15.4 Pool -> pg@8.15.4 Pool; no promise; disposal none; signal none',
      'pg@8.15.4 Pool.connect -> pg@8.15.4 PoolClient; promise; disposal none; signal none',
      'cjs-class@1.2.3 Redis -> cjs-class@1.2.3 Redis; no promise; disposal none; signal none',
      'cjs-class@1.2.3 Redis.quit; promise; disposal none; signal none',
    ],
  },
  {
    says: 'prefers the language to @types/node, and that to the browser',
    code: `«fetch»(''); [1].«map»(String); new «AbortController»().«abort»();`,
    facts: [
      'node fetch -> node Response; promise; disposal none; signal 1',
      'typescript Array.map -> typescript Array; no promise; disposal none',
      'node AbortController -> node AbortController; no promise; disposal none; signal none',
      'typescript AbortController.abort; no promise; disposal none',
    ],
  },
];

const fileOf = (snippet: Snippet, index: number) => `src/${snippet.file ?? `snippet${index}.ts`}`;

const project: Record<string, string> = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom', 'esnext.disposable'],
      allowImportingTsExtensions: true,
      allowJs: true,
      types: ['node'],
    },
    include: ['src'],
  }),
  'src/own.ts': `export class Store { close(signal?: AbortSignal): Promise<void> { return Promise.resolve(); } [Symbol.dispose]() {} }
    export async function makeStore() { return new Store(); } export enum Level { High }`,
  'src/anonymous.ts': 'export default class {}',
  'src/named.ts': 'export default class Named { stop() {} }',
  ...Object.fromEntries(snippets.map((snippet, index) => [fileOf(snippet, index), snippet.code])),
};

for (const backend of ['native', 'typescript6'] as const) {
  describe(`facts of the ${backend} back-end`, () => {
    let fixture: Fixture;
    let tier: TypeTier;

    before(() => {
      fixture = createFixture(project);
      tier = createTypeTier({ executable: backend === 'native' ? undefined : null });
    });
    after(() => {
      tier.close();
      fixture.remove();
    });

    for (const [index, snippet] of snippets.entries()) {
      it(snippet.says, () => {
        const path = fixture.path(fileOf(snippet, index));
        assert.deepEqual(ask(tier, path, snippet.code), snippet.facts);
        assert.equal(tier.backend, backend);
      });
    }

    it('answers nothing that was not asked for', () => {
      const code = `import { Pool } from 'pg'; new Pool().«connect»();`;
      tier.update(new Map([[fixture.path('src/own.ts'), code.replaceAll(/[«»]/g, '')]]));
      assert.deepEqual(declarations(tier, fixture.path('src/own.ts'), code), ['pg@8.15.4 Pool.connect']);
      assert.deepEqual(ask(tier, fixture.path('src/own.ts'), code, []), ['pg@8.15.4 Pool.connect']);
      assert.deepEqual(ask(tier, fixture.path('src/own.ts'), code, ['promise']), ['pg@8.15.4 Pool.connect; promise']);
      tier.update(new Map([[fixture.path('src/own.ts'), undefined]]));
    });

    it('knows nothing at positions that hold no name, in the order of the queries', () => {
      const path = fixture.path(fileOf(snippets[0] as Snippet, 0));
      const facts = tier.facts(
        path,
        [-1, 1e6, 0.5, Number.NaN, 9].map((position) => ({ position, aspects: [] })),
      );
      assert.deepEqual(
        facts.map((fact) => fact.declaration?.name),
        [undefined, undefined, undefined, undefined, 'Pool'],
      );
    });
  });
}
