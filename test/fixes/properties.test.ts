import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateProgram } from './generate.ts';
import { generateCallbacks } from './generateCallbacks.ts';
import { findingsIn, offersIn } from './offers.ts';
import { run, runCallbacks } from './pool.ts';

/** Fixed, so that a run can be repeated; FC_SEED tries others. */
const seed = Number(process.env.FC_SEED ?? 1);

const files = (text: string): readonly (readonly [string, string])[] => [['src/case.js', text]];

/** Applies one safe fix after the other, as `--fix` does. */
function repaired(text: string): string {
  let current = text;
  for (let pass = 0; pass < 10; pass++) {
    const offer = offersIn(files(current)).find((o) => o.safety === 'safe');
    if (!offer) return current;
    assert.ok(offer.after.length < offer.before.length, `the finding is still there:\n${offer.text}`);
    current = offer.text;
  }
  assert.fail(`the fixes never end:\n${current}`);
}

/** Runs both programs with every operation failing once. */
async function compare(before: string, after: string, flags: number): Promise<void> {
  const isClean = findingsIn(files(after)).length === 0;
  const { operations } = await run(before, -1, flags);
  for (let failing = -1; failing < operations; failing++) {
    const expected = await run(before, failing, flags);
    // Such a program is broken in its own way.
    if (expected.misused.length > 0) continue;
    const actual = await run(after, failing, flags);
    const where = `operation ${failing} fails, flags ${flags}\n${before}\n${after}`;
    assert.equal(actual.outcome, expected.outcome, where);
    assert.deepEqual(actual.misused, [], where);
    if (isClean) assert.equal(actual.released, actual.acquired, where);
  }
}

describe('safe fixes of generated programs', () => {
  it('change nothing but that every client is given back once', async () => {
    let programs = 0;
    let changed = 0;
    const property = fc.asyncProperty(
      fc.array(fc.nat(5039), { maxLength: 60 }),
      fc.nat(255),
      async (numbers, flags) => {
        const before = generateProgram(numbers);
        const after = repaired(before);
        programs += 1;
        if (after === before) return;
        changed += 1;
        await compare(before, after, flags);
      },
    );
    await fc.assert(property, { numRuns: 300, seed });
    assert.ok(changed > programs / 4, `only ${changed} of ${programs} were repaired`);
  });
});

describe('all fixes of generated programs', () => {
  it('never give a client back twice or too early', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.nat(5039), { maxLength: 60 }),
      fc.nat(255),
      async (numbers, flags) => {
        const text = generateProgram(numbers);
        for (const offer of offersIn(files(text))) {
          assert.ok(offer.after.length < offer.before.length, `the finding is still there:\n${offer.text}`);
          const { operations } = await run(offer.text, -1, flags);
          for (let failing = -1; failing < operations; failing++) {
            const before = await run(text, failing, flags);
            const after = await run(offer.text, failing, flags);
            const where = `${offer.title}, operation ${failing} fails, flags ${flags}\n${text}\n${offer.text}`;
            if (before.misused.length === 0) assert.deepEqual(after.misused, [], where);
            if (offer.after.length === 0) assert.equal(after.released, after.acquired, where);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 200, seed });
  });
});

describe('fixes of generated callbacks', () => {
  it('change nothing but that every connection is given back once', async () => {
    let changed = 0;
    const property = fc.asyncProperty(
      fc.array(fc.nat(5039), { maxLength: 40 }),
      fc.nat(255),
      async (numbers, flags) => {
        const before = generateCallbacks(numbers);
        const after = repaired(before);
        if (after === before) return;
        changed += 1;
        const isClean = findingsIn(files(after)).length === 0;
        const { operations } = await runCallbacks(before, -1, flags);
        for (let failing = -1; failing < operations; failing++) {
          const expected = await runCallbacks(before, failing, flags);
          const actual = await runCallbacks(after, failing, flags);
          const where = `operation ${failing} fails, flags ${flags}\n${before}\n${after}`;
          assert.equal(actual.outcome, expected.outcome, where);
          assert.deepEqual(actual.misused, expected.misused, where);
          if (isClean) assert.equal(actual.released, actual.acquired, where);
        }
      },
    );
    await fc.assert(property, { numRuns: 200, seed });
    assert.ok(changed > 60, `only ${changed} were repaired`);
  });
});
