import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expectation } from './expectation.ts';
import { runCase } from './runCase.ts';
import { readSpec } from './specFile.ts';

/** Makes a test of every case of a literate specification. */
export function specSuite(path: string): void {
  describe(path, () => {
    for (const spec of readSpec(readFileSync(path, 'utf8'))) {
      expectation(spec.title, () => {
        const problems = runCase(spec);
        assert.ok(problems.length === 0, `${path}:${spec.line}\n  ${problems.join('\n  ')}`);
      });
    }
  });
}
