import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelIndex } from '../../server/analysis/inference/modelIndex.ts';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import { analyse, recommended } from '../support/analyse.ts';
import { expectation } from '../support/expectation.ts';
import { LibraryProject, libraryVersions } from '../support/libraryProject.ts';
import { type CaseWorld, malformedLines, runCase, runCaseIn } from '../support/runCase.ts';
import { readSpec, type SpecCase } from '../support/specFile.ts';

const directory = 'test/resources';
const suites = readdirSync(directory)
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ path: join(directory, file), cases: readSpec(readFileSync(join(directory, file), 'utf8')) }));
const models = new ModelIndex(libraryModels);

/** Every library on its real type definitions, and once more by reading alone. */
describe('libraries', () => {
  let project: LibraryProject;
  before(() => {
    project = new LibraryProject(suites.flatMap(({ cases }) => cases));
  });
  after(() => project.close());

  for (const { path, cases } of suites) {
    describe(path, () => {
      for (const spec of cases) {
        const holds = (problems: readonly string[]): void =>
          assert.ok(problems.length === 0, `${path}:${spec.line}\n  ${problems.join('\n  ')}`);
        if (!('read' in spec.options)) {
          expectation(`${spec.title} (typed)`, () => {
            const world = project.world(spec);
            holds([...malformedLines(spec), ...runCaseIn(world, spec), ...undeclared(world, spec)]);
          });
        }
        if (!('typed' in spec.options)) expectation(`${spec.title} (read)`, () => holds(runCase(installed(spec))));
      }
    });
  }

  // Nested suites run in order, after the tests beside them.
  describe('the type tier', () => {
    it('was the native compiler', () => assert.equal(project.backend, 'native'));
  });
});

/** The same case in memory, with the same versions of the libraries. */
function installed(spec: SpecCase): SpecCase {
  const packages = Object.entries(libraryVersions).map((entry) => entry.join('@'));
  const compiled = spec.files.every((file) => /\.[cm]?tsx?$/.test(file.path));
  return { ...spec, options: { packages: packages.join(), ...(compiled && { using: '' }), ...spec.options } };
}

/**
 * Acquisitions by a member of a type that the typings declare elsewhere than the model says. Reading alone would find
 * them in such a short case, and nobody would notice that in real code the type tier does not.
 */
function undeclared({ host, root }: CaseWorld, spec: SpecCase): readonly string[] {
  const paths = spec.files.map((file) => `${root}/${file.path}`);
  const { results } = analyse(host, paths, { ...recommended, preset: 'strict', packageRoot: root });
  return [...results].flatMap(([path, { acquisitions }]) => {
    const facts = host.facts(
      path,
      acquisitions.map(({ span }) => ({ position: span.start, aspects: [] })),
    );
    return acquisitions.flatMap(({ acquire }, index) => {
      const declaration = facts[index]?.declaration;
      // A function of the case that acquires for its callers, a package without typings, or a type without a name.
      if (!declaration?.package || declaration.container === undefined || !acquire.includes('#')) return [];
      const type = models.typeOf(declaration);
      const [expected = ''] = acquire.split('#');
      // A class and its instances are declared in the same container.
      const isStatic = type?.model.types[expected]?.declaredAs?.some((as) => as.container === declaration.container);
      if (type && (isStatic || models.isA(type, expected))) return [];
      const { container, name, file } = declaration;
      return [
        `${acquire} is declared as ${container}.${name} in ${file}, which is ${type?.type ?? 'no type'} of the model`,
      ];
    });
  });
}
