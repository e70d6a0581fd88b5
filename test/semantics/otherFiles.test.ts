import assert from 'node:assert/strict';
import { createAnalysis } from '../../server/analysis/check.ts';
import { recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

const wait = `export function load(url: string): Promise<string> {
  return new Promise((resolve) => {
    fetch(url, { signal: AbortSignal.timeout(1000) })
      .then((response) => response.text())
      .then((text) => resolve(text));
  });
}
`;
const race = `export async function load(work: Promise<string>): Promise<string> {
  return Promise.race([work, new Promise<string>((_, reject) => setTimeout(() => reject(new Error('late')), 20_000))]);
}
`;
const request = `import { hostname } from 'node:os';
export const load = async (url: string): Promise<string> => (await fetch(url + hostname())).text();
`;
/** The module beside it that uses it. */
const user = `import { load } from './load.ts';\nconsole.log(await load(process.argv[2] as never));\n`;

interface Case {
  /** Where the first file lies. */
  readonly path: string;
  readonly text: string;
  /** What the other file says then, beside using the first one. */
  readonly other: string;
}

/** What another file does that an answer about the first one depends on. */
const cases: Readonly<Record<string, Case>> = {
  'listens for rejections that nobody handles': {
    path: 'src/load.ts',
    text: wait,
    other: `process.on('unhandledRejection', (reason) => console.error(reason));\n`,
  },
  'keeps the program up': {
    path: 'src/load.ts',
    text: race,
    other: `import { createServer } from 'node:http';\ncreateServer().listen(8080);\n`,
  },
  'serves what only scripts used': {
    path: 'scripts/load.ts',
    text: request,
    other: `import { createServer } from 'node:http';
createServer(async ({ url = '' }, response) => response.end(await load(url))).listen(8080);\n`,
  },
};

describe('an answer in which another file has a part', () => {
  for (const [what, { path: place, text, other }] of Object.entries(cases)) {
    it(`changes when that file ${what}`, () => {
      const path = `${root}/${place}`;
      const main = `${root}/src/main.ts`;
      const host = new MemoryHost([
        [`${root}/package.json`, '{ "name": "program", "private": true }'],
        [path, text],
        [`${path.slice(0, path.lastIndexOf('/'))}/main.ts`, user],
      ]);
      const told = (analysis = createAnalysis(host)): readonly string[] =>
        analysis
          .check(path, recommended)
          .findings.map(({ rule, severity, message }) => `${rule} ${severity} ${message.what}`);
      const analysis = createAnalysis(host);
      const before = told(analysis);
      host.files.set(main, other + user.replace('./load.ts', `../${place}`));
      analysis.invalidate([main]);
      const after = told(analysis);
      assert.deepEqual(after, told(), 'as if it had been there from the start');
      assert.notDeepEqual(after, before);
    });
  }
});
