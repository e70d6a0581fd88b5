import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { ParsedConfig, ProjectPlan } from './backend.ts';
import { type ConfigFile, readConfigFile } from './configFile.ts';
import { effectiveOptions } from './effectiveOptions.ts';
import { grow, type LooseGroup, sourcesBelow } from './looseFiles.ts';
import type { Overlay } from './overlay.ts';
import { readVersion } from './packages.ts';
import { joinPath, parentDirectory, pathKey } from './paths.ts';
import type { TypeTierProblem } from './typeTier.ts';

const configNames = ['tsconfig.json', 'jsconfig.json'];

interface Config {
  readonly path: string;
  readonly file: ConfigFile;
  readonly parsed: ParsedConfig;
  readonly included: ReadonlySet<string>;
}

/**
 * Decides which program answers for a file. The compilers never see a user's tsconfig directly, but one in the overlay
 * that extends it: there the options are adapted, outputs switched off, and loose files get a project at all.
 */
export class Projects {
  readonly #overlay: Overlay;
  readonly #parse: (path: string) => ParsedConfig | undefined;
  readonly #changed: (path: string) => void;
  readonly #configs = new Map<string, Config | undefined>();
  readonly #plans = new Map<string, ProjectPlan>();
  /** Loose files by the configuration or package that they share a program for. */
  readonly #loose = new Map<string, LooseGroup>();
  readonly #problems = new Map<string, TypeTierProblem>();

  /**
   * @param parse asks a compiler to parse a tsconfig
   * @param changed is told of every overlay text that was written
   */
  constructor(overlay: Overlay, parse: (path: string) => ParsedConfig | undefined, changed: (path: string) => void) {
    this.#overlay = overlay;
    this.#parse = parse;
    this.#changed = changed;
  }

  /** Configurations that are broken, each once. */
  get problems(): readonly TypeTierProblem[] {
    return [...this.#problems.values()];
  }

  /** To be called when files appeared, vanished or when a configuration changed: what was parsed may be outdated. */
  forget(): void {
    this.#configs.clear();
    this.#plans.clear();
  }

  /** Whether the file is already listed as a part of some program. */
  isKnown(path: string): boolean {
    const key = pathKey(path);
    return (
      [...this.#configs.values()].some((config) => config?.included.has(key)) ||
      [...this.#loose.values()].some(({ files }) => files.has(path))
    );
  }

  /** The programs to ask, best first. The last one holds the file even when no configuration includes it. */
  *plansFor(path: string): Iterable<ProjectPlan> {
    const nearest = this.#nearest(path);
    if (nearest) {
      const including = this.#including(nearest, pathKey(path), new Set());
      if (including) {
        yield this.#planOf(including);
      } else if (mayImport(nearest, path)) {
        yield this.#planOf(nearest);
      }
    }
    yield this.#loosePlan(path, nearest);
  }

  #nearest(path: string): Config | undefined {
    for (let directory = parentDirectory(path); directory !== undefined; directory = parentDirectory(directory)) {
      if (directory.includes('/node_modules')) {
        continue;
      }
      for (const name of configNames) {
        const config = this.#config(joinPath(directory, name));
        if (config) {
          return config;
        }
      }
    }
    return undefined;
  }

  #config(path: string): Config | undefined {
    const key = pathKey(path);
    if (!this.#configs.has(key)) {
      this.#configs.set(key, this.#open(path));
    }
    return this.#configs.get(key);
  }

  #open(path: string): Config | undefined {
    if (!existsSync(path)) {
      return undefined;
    }
    const file = readConfigFile(path, this.#overlay);
    const parsed = file && this.#parse(path);
    const problem = parsed ? file.problem : 'The file cannot be read; types are answered without it.';
    if (problem === undefined) {
      this.#problems.delete(path);
    } else {
      this.#problems.set(path, { path, message: problem });
    }
    return file && parsed && { path, file, parsed, included: new Set(parsed.fileNames.map(pathKey)) };
  }

  #including(config: Config, key: string, seen: Set<Config>): Config | undefined {
    if (config.included.has(key)) {
      return config;
    }
    seen.add(config);
    for (const path of config.file.references) {
      const referenced = this.#config(path);
      if (!referenced) {
        this.#missingReference(config.path, path);
      }
      const including = referenced && !seen.has(referenced) && this.#including(referenced, key, seen);
      if (including) {
        return including;
      }
    }
    return undefined;
  }

  #missingReference(from: string, path: string): void {
    this.#problems.set(path, { path, message: `The file is referenced by '${from}', but cannot be read.` });
  }

  #planOf(config: Config): ProjectPlan {
    const known = this.#plans.get(config.path);
    if (known) {
      return known;
    }
    const { options, needsTypescript6 } = this.#optionsOf(config);
    const path = siblingOf(config.path, '');
    this.#write(path, {
      extends: `./${basename(config.path)}`,
      compilerOptions: options,
      references: config.file.references.filter((each) => existsSync(each)).map((each) => ({ path: each })),
    });
    const plan: ProjectPlan = { path, needsTypescript6 };
    this.#plans.set(config.path, plan);
    return plan;
  }

  #optionsOf(config: Config) {
    // Options that could not be read are no proof of what their author left to the defaults.
    const major = config.file.problem === undefined ? installedTypescript(config.path) : undefined;
    const { options, needsTypescript6 } = effectiveOptions(config.parsed.options, major);
    const isJavaScript = basename(config.path) === 'jsconfig.json' && config.parsed.options.allowJs === undefined;
    return { options: isJavaScript ? { ...options, allowJs: true } : options, needsTypescript6 };
  }

  /** Files of no project share one per configuration or package, which grows as they are asked about. */
  #loosePlan(path: string, nearest: Config | undefined): ProjectPlan {
    const base = nearest?.path ?? joinPath(packageRoot(path), 'tsconfig.json');
    const adapted = nearest && this.#optionsOf(nearest);
    const group = this.#loose.get(base) ?? { files: new Set(), others: sourcesBelow(parentDirectory(base) ?? '/') };
    this.#loose.set(base, group);
    const { files } = group;
    if (!files.has(path)) {
      grow(group, path, (each) => nearest?.included.has(pathKey(each)) ?? false);
    }
    const plan: ProjectPlan = { path: siblingOf(base, 'loose.'), needsTypescript6: adapted?.needsTypescript6 ?? false };
    this.#write(plan.path, {
      ...(nearest ? { extends: `./${basename(nearest.path)}`, references: [] } : {}),
      compilerOptions: { ...(adapted?.options ?? looseOptions), allowJs: true, rootDir: null },
      include: [],
      files: [...files],
    });
    return plan;
  }

  #write(path: string, content: object): void {
    if (this.#overlay.set(path, JSON.stringify(content))) {
      this.#changed(path);
    }
  }
}

/** Whether a file that a configuration does not list may be part of its program, because a listed one imports it. */
function mayImport({ parsed }: Config, path: string): boolean {
  if (parsed.fileNames.length === 0) {
    return false;
  }
  return !/\.[cm]?jsx?$/.test(path) || parsed.options.allowJs === true || parsed.options.checkJs === true;
}

/** Bundler resolution with `preserve` understands both `import` and `require`, with and without extensions. */
const looseOptions = {
  module: 'preserve',
  moduleResolution: 'bundler',
  target: 'esnext',
  lib: ['esnext', 'dom', 'dom.iterable'],
  jsx: 'preserve',
  strict: true,
  types: ['*'],
  noEmit: true,
  skipLibCheck: true,
};

function siblingOf(configPath: string, prefix: string): string {
  return joinPath(parentDirectory(configPath) ?? '/', `.leakproof.${prefix}${basename(configPath)}`);
}

function packageRoot(path: string): string {
  const own = parentDirectory(path) ?? '/';
  for (let directory: string | undefined = own; directory !== undefined; directory = parentDirectory(directory)) {
    if (existsSync(joinPath(directory, 'package.json'))) {
      return directory;
    }
  }
  return own;
}

function installedTypescript(configPath: string): number | undefined {
  for (let directory = parentDirectory(configPath); directory !== undefined; directory = parentDirectory(directory)) {
    const version = readVersion(joinPath(directory, 'node_modules/typescript'));
    if (version !== undefined) {
      return Number.parseInt(version, 10);
    }
  }
  return undefined;
}
