import type { IntroducedError, TokenFact, TokenQuery } from '../../analysis/facts.ts';
import type { Environment, Host, Location } from '../../analysis/host.ts';
import { type Specifier, specifiersIn } from '../../analysis/syntax/specifiers.ts';
import type { Packages } from '../files/packages.ts';
import { within } from '../files/paths.ts';
import type { ProjectFiles } from '../files/projectFiles.ts';
import type { SourceStore } from '../files/sourceStore.ts';
import { environmentOf } from './environment.ts';
import type { LazyTypeTier } from './lazyTypeTier.ts';
import { ModuleResolution } from './moduleResolution.ts';
import { TsConfigs } from './tsconfig.ts';

export interface HostParts {
  readonly store: SourceStore;
  readonly packages: Packages;
  readonly files: ProjectFiles;
  readonly types: LazyTypeTier;
  readonly cancelled: () => boolean;
}

/**
 * The analysis' window on the disk, the installed packages and the type tier. This module and what it imports load
 * TypeScript: import it only when a file is going to be parsed.
 */
export class ProjectHost implements Host {
  readonly #parts: HostParts;
  #tsConfigs = new TsConfigs();
  #resolution = new ModuleResolution(this.#tsConfigs);
  readonly #environments = new Map<string, Environment>();
  readonly #locations = new Map<string, Location>();
  readonly #specifiers = new Map<string, readonly Specifier[]>();

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  read(path: string): string | undefined {
    return this.#parts.store.text(path);
  }

  specifiers(path: string): readonly Specifier[] {
    let specifiers = this.#specifiers.get(path);
    if (specifiers === undefined) {
      specifiers = specifiersIn(this.read(path) ?? '');
      this.#specifiers.set(path, specifiers);
    }
    return specifiers;
  }

  resolve(from: string, specifier: string): string | undefined {
    return this.#resolution.resolve(from, specifier);
  }

  mentioning(from: string, word: string): readonly string[] | undefined {
    return this.#parts.files.mentioning(from, word);
  }

  entries(from: string): readonly string[] | undefined {
    return this.#resolution.entries(from);
  }

  packageOf(path: string): string | undefined {
    return this.#parts.packages.nearest(path)?.directory;
  }

  location(path: string): Location {
    let location = this.#locations.get(path);
    if (location === undefined) {
      const { packages } = this.#parts;
      const root = packages.rootOf(path);
      location = { inPackage: within(root, path) ?? path, packagePath: packages.pathInRepository(root) };
      this.#locations.set(path, location);
    }
    return location;
  }

  facts(path: string, queries: readonly TokenQuery[]): readonly TokenFact[] {
    return this.#parts.types.facts(path, queries);
  }

  newErrors(...edit: Parameters<Host['newErrors']>): readonly IntroducedError[] | undefined {
    return this.#parts.types.newErrors(...edit);
  }

  packageVersion(from: string, packageName: string): string | undefined {
    return this.#parts.packages.version(from, packageName);
  }

  environment(path: string): Environment {
    let environment = this.#environments.get(path);
    if (environment === undefined) {
      const { store, packages } = this.#parts;
      environment = environmentOf(path, store.text(path), packages, this.#tsConfigs);
      this.#environments.set(path, environment);
    }
    return environment;
  }

  cancelled(): boolean {
    return this.#parts.cancelled();
  }

  /** Drops what was derived from the texts of these files and, unless only texts changed, from which files there are. */
  invalidate(paths: Iterable<string>, what: 'text' | 'files'): void {
    for (const path of paths) {
      this.#environments.delete(path);
      this.#specifiers.delete(path);
    }
    if (what === 'files') this.#resolution.clear();
  }

  /** Drops what was read from project files. */
  reconfigure(): void {
    this.#tsConfigs = new TsConfigs();
    this.#resolution = new ModuleResolution(this.#tsConfigs);
    this.#environments.clear();
    this.#locations.clear();
  }
}
