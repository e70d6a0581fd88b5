import assert from 'node:assert/strict';
import { pending } from './pending.ts';

/** A test that may be listed as pending; then it has to fail. */
export function expectation(title: string, run: () => void): void {
  it(title, function () {
    const name = this.test?.fullTitle() ?? title;
    if (!pending.has(name)) {
      run();
      return;
    }
    assert.throws(run, `“${name}” holds: take it off test/support/pending.ts`);
    this.skip();
  });
}
