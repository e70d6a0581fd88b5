import assert from 'node:assert/strict';
import type { LazyTypeTier } from '../../../server/project/engine/lazyTypeTier.ts';
import { Session } from '../../../server/project/engine/session.ts';
import { shippedParts } from '../../../server/project/engine/shippedParts.ts';
import { createFixture, type Fixture, queriesIn } from './support.ts';

const tsconfig = JSON.stringify({
  compilerOptions: { strict: true, module: 'nodenext', allowImportingTsExtensions: true, noEmit: true },
});
const store = `export function declared(): number {
  return 1;
}
export function inferred() {
  return 1;
}
`;
const user = `import { declared, inferred } from './store.ts';\n«declared»();\n«inferred»();\n`;

describe('what types say of a file while another one is edited', () => {
  let fixture: Fixture;
  let session: Session;
  before(async () => {
    fixture = createFixture({ 'tsconfig.json': tsconfig, 'store.ts': store, 'user.ts': user });
    const watch = { started() {}, begin() {}, end() {} };
    session = new Session(shippedParts, 'auto', { cancelled: () => false, progress() {}, watch, longLived: true });
    await session.analysis();
  });
  after(() => {
    session.close();
    fixture.remove();
  });

  /** Whether calls of both yield promises, and whether the compiler was asked. */
  function answers(): { readonly promises: readonly (boolean | undefined)[]; readonly asked: boolean } {
    const types = session.types as LazyTypeTier;
    const before = types.milliseconds;
    const facts = types.facts(fixture.path('user.ts'), queriesIn(user, ['promise']));
    return { promises: facts.map(({ promise }) => promise), asked: types.milliseconds > before };
  }
  const edit = (text: string): Promise<void> => session.edited(new Map([[fixture.path('store.ts'), text]]));

  it('is asked again only when the edit may matter there', async () => {
    await edit(store);
    assert.deepEqual(answers(), { promises: [false, false], asked: true });
    assert.deepEqual(answers(), { promises: [false, false], asked: false });
    const inside = store.replace('number {\n', 'number {\n  void 0;\n');
    await edit(inside);
    assert.deepEqual(answers(), { promises: [false, false], asked: false });
    await edit(inside.replace('inferred() {\n', 'inferred() {\n  if (declared()) return Promise.resolve(1);\n'));
    assert.equal(answers().asked, true, 'what a caller gets is inferred from the body');
    await edit(inside.replace('function inferred', 'async function inferred'));
    assert.deepEqual(answers(), { promises: [false, true], asked: true });
    await edit(store.replace('function declared(): number', 'async function declared(): Promise<number>'));
    assert.deepEqual(answers(), { promises: [true, false], asked: true });
  });

  it('follows two edits of which only the first one matters', async () => {
    await edit(store);
    assert.deepEqual(answers().promises, [false, false]);
    const first = store.replace('function inferred', 'async function inferred');
    await edit(first);
    await edit(first.replace('number {\n', 'number {\n  void 0;\n'));
    assert.deepEqual(answers(), { promises: [false, true], asked: true });
  });
});
