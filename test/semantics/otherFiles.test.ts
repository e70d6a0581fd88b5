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
const user = `import { load } from './load.ts';\nconsole.log(await load(process.argv[2] as never));\n`;

/** What another file does that an answer about the first one depends on. */
const cases = {
  'listens for rejections that nobody handles': [
    wait,
    `process.on('unhandledRejection', (reason) => console.error(reason));\n`,
  ],
  'keeps the program up': [race, `import { createServer } from 'node:http';\ncreateServer().listen(8080);\n`],
} as const;

describe('an answer in which another file has a part', () => {
  for (const [what, [text, other]] of Object.entries(cases)) {
    it(`changes when that file ${what}`, () => {
      const path = `${root}/src/load.ts`;
      const main = `${root}/src/main.ts`;
      const host = new MemoryHost([
        [`${root}/package.json`, '{ "name": "program", "private": true }'],
        [path, text],
        [main, user],
      ]);
      const told = (analysis = createAnalysis(host)): readonly string[] =>
        analysis
          .check(path, recommended)
          .findings.map(({ rule, severity, message }) => `${rule} ${severity} ${message.what}`);
      const analysis = createAnalysis(host);
      const before = told(analysis);
      host.files.set(main, other + user);
      analysis.invalidate([main]);
      const after = told(analysis);
      assert.deepEqual(after, told(), 'as if it had been there from the start');
      assert.notDeepEqual(after, before);
    });
  }
});
