import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expectation } from './expectation.ts';
import { runCase } from './runCase.ts';
import { readSpec } from './specFile.ts';

/** Makes a test of every case of a literate specification; `about` is the rule that it specifies, absent: all of them. */
export function specSuite(path: string, about?: string): void {
  describe(path, () => {
    for (const spec of readSpec(readFileSync(path, 'utf8'))) {
      expectation(spec.title, () => {
        const problems = runCase(spec, about);
        assert.ok(problems.length === 0, `${path}:${spec.line}\n  ${problems.join('\n  ')}`);
      });
    }
  });
}
