import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ProjectHost } from '../../server/project/engine/host.ts';
import { LazyTypeTier } from '../../server/project/engine/lazyTypeTier.ts';
import { Packages } from '../../server/project/files/packages.ts';
import { ProjectFiles } from '../../server/project/files/projectFiles.ts';
import { SourceStore } from '../../server/project/files/sourceStore.ts';
import { createTypeTier } from '../../server/project/types/tier.ts';
import type { CaseWorld } from './runCase.ts';
import type { SpecCase } from './specFile.ts';

const resources = resolve('test/resources');
const compilerOptions = {
  strict: true,
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  module: 'preserve',
  types: ['node'],
  allowJs: true,
  skipLibCheck: true,
};

/** The versions of the libraries that the cases are checked against, by package. */
export const libraryVersions: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(resources, 'package.json'), 'utf8'),
).dependencies;

/**
 * A project on disk that has all cases in it, each in a directory of its own, and the real libraries installed. There is
 * one for all cases, because opening it is what takes the compiler's time.
 */
export class LibraryProject {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'leakproof-libraries-')));
  readonly #types = new LazyTypeTier(
    () => createTypeTier({}),
    () => true,
  );
  readonly #store = new SourceStore();
  readonly #host = new ProjectHost({
    store: this.#store,
    files: new ProjectFiles(this.#store),
    packages: new Packages(),
    types: this.#types,
    cancelled: () => false,
  });
  readonly #worlds = new Map<SpecCase, CaseWorld>();

  constructor(cases: readonly SpecCase[]) {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    };
    write(join(this.#root, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    write(join(this.#root, 'package.json'), JSON.stringify({ private: true, dependencies: libraryVersions }));
    symlinkSync(join(resources, 'node_modules'), join(this.#root, 'node_modules'), 'junction');
    for (const [index, spec] of cases.entries()) {
      const root = join(this.#root, `case${index}`);
      for (const { path, text } of spec.files) write(join(root, path), text);
      // A repository of its own: the cases do not call each other.
      mkdirSync(join(root, '.git'), { recursive: true });
      this.#worlds.set(spec, { host: this.#host, root });
    }
  }

  /** Where a case is. */
  world(spec: SpecCase): CaseWorld {
    const world = this.#worlds.get(spec);
    if (!world) throw new Error(`${spec.title} is no case of this project`);
    return world;
  }

  /** The back-end that answered. */
  get backend(): string | undefined {
    return this.#types.backend;
  }

  close(): void {
    this.#types.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
