import assert from 'node:assert/strict';
import semver from 'semver';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import type { AcquireSite, LibraryModel, ModuleShape, ValueShape } from '../../server/analysis/resources/model.ts';

/** Every type name that a shape mentions. */
function mentioned(shape: ValueShape): readonly string[] {
  if ('namespace' in shape) return Object.values(shape.namespace).flatMap(mentioned);
  if ('value' in shape) return [shape.value];
  if ('type' in shape) return [shape.type];
  if ('class' in shape) return [shape.class];
  return [shape.returns ?? [], Object.values(shape.callback?.parameters ?? {})].flat();
}

function exists({ modules, types, globals }: LibraryModel, at: AcquireSite): boolean {
  if ('call' in at) return types[at.call]?.call !== undefined;
  if ('global' in at) return globals?.[at.global] !== undefined;
  if ('type' in at) return types[at.type]?.members[at.member] !== undefined;
  if ('construct' in at) return types[at.construct] !== undefined;
  const module: ModuleShape | undefined = modules[at.module];
  return module?.[at.export] !== undefined;
}

describe('library models', () => {
  it('do not describe a module twice', () => {
    const specifiers = libraryModels.flatMap(({ modules }) => Object.keys(modules));
    assert.deepEqual(specifiers, [...new Set(specifiers)]);
  });

  for (const model of libraryModels) {
    describe(model.library, () => {
      it('mentions only types that it describes', () => {
        const shapes = [
          model.globals ?? {},
          ...Object.values(model.modules),
          ...Object.values(model.types).map((type) => type.members),
        ];
        const names = [
          ...shapes.flatMap((shape) => Object.values(shape).flatMap(mentioned)),
          ...Object.values(model.types).flatMap((type) => type.extends ?? []),
          ...model.acquisitions.flatMap((acquisition) => acquisition.resource ?? []),
        ];
        assert.deepEqual(
          names.filter((name) => model.types[name] === undefined),
          [],
        );
      });

      it('acquires and bounds only at places that it describes', () => {
        const { acquisitions, bounds = [], waits = [], defaults = [] } = model;
        for (const { at } of [...acquisitions, ...bounds, ...waits, ...defaults])
          assert.ok(exists(model, at), JSON.stringify(at));
      });

      it('prefers a way to release that it knows', () => {
        for (const { discharges, preferred } of model.acquisitions) {
          assert.ok(discharges.some((discharge) => JSON.stringify(discharge) === JSON.stringify(preferred)));
        }
      });

      it('has version ranges that mean something', () => {
        const ranges = [
          ...model.packages.map(({ versions }) => versions),
          ...model.acquisitions.flatMap(({ versions, disposal }) => [
            versions,
            ...(disposal ?? []).map((d) => d.versions),
          ]),
          ...(model.bounds ?? []).map(({ versions }) => versions),
          ...(model.waits ?? []).flatMap(({ versions, bounds }) => [versions, ...bounds.map((b) => b.versions)]),
        ];
        for (const range of ranges) if (range !== undefined) assert.ok(semver.validRange(range), range);
      });

      it('says of each bound how long it lasts', () => {
        const all = [...(model.bounds ?? []), ...(model.waits ?? []).flatMap(({ bounds }) => bounds)];
        for (const bound of all) assert.ok(bound.default === 'forever' || bound.default > 0);
      });
    });
  }
});
