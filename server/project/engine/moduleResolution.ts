import { existsSync } from 'node:fs';
import ts from 'typescript';
import { toPortable } from '../files/paths.ts';
import { isDeclarationFile, isSourceFile } from '../files/sourceKinds.ts';
import type { TsConfig, TsConfigs } from './tsconfig.ts';

/** Resolves import specifiers to files of the project, through TypeScript's module resolution. */
export class ModuleResolution {
  readonly #tsConfigs: TsConfigs;
  readonly #answers = new Map<string, string | undefined>();
  readonly #attempts = new Map<TsConfig | undefined, readonly Attempt[]>();

  constructor(tsConfigs: TsConfigs) {
    this.#tsConfigs = tsConfigs;
  }

  /** The source file that `specifier` means in `from`; `undefined` for packages, built-ins and the unresolved. */
  resolve(from: string, specifier: string): string | undefined {
    if (specifier.startsWith('node:')) return undefined;
    // Within one directory and extension the answer is the same for every file.
    const key = `${from.slice(0, from.lastIndexOf('/'))}\0${from.slice(from.lastIndexOf('.'))}\0${specifier}`;
    if (!this.#answers.has(key)) this.#answers.set(key, this.#resolve(from, specifier));
    return this.#answers.get(key);
  }

  /** Forgets all answers: files came into being or went away. */
  clear(): void {
    this.#answers.clear();
    this.#attempts.clear();
  }

  #resolve(from: string, specifier: string): string | undefined {
    for (const { options, cache } of this.#attemptsFor(this.#tsConfigs.nearest(from))) {
      // `require` and `import` may resolve to different files of a package; for project files the difference is none.
      const mode = ts.getImpliedNodeFormatForFile(from, cache.getPackageJsonInfoCache(), ts.sys, options);
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys, cache, undefined, mode);
      if (resolvedModule === undefined) continue;
      const file = toPortable(resolvedModule.resolvedFileName);
      return file.includes('/node_modules/') ? undefined : sourceOf(file);
    }
    return undefined;
  }

  /** The file's own options, those of the projects a solution refers to, and then rules that accept what bundlers accept. */
  #attemptsFor(config: TsConfig | undefined): readonly Attempt[] {
    const known = this.#attempts.get(config);
    if (known !== undefined) return known;
    const all = config === undefined ? [] : [config, ...config.references].map(({ options }) => attempt(options));
    const attempts = [
      ...all,
      attempt({ moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext }),
    ];
    this.#attempts.set(config, attempts);
    return attempts;
  }
}

interface Attempt {
  readonly options: ts.CompilerOptions;
  readonly cache: ts.ModuleResolutionCache;
}

function attempt(given: ts.CompilerOptions): Attempt {
  const options = { ...given, allowJs: true };
  return { options, cache: ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options) };
}

/** A workspace package often resolves to what was built of it; the source beside or behind it is what is analysed. */
function sourceOf(file: string): string | undefined {
  if (isSourceFile(file) && !builtDirectory.test(file)) return file;
  const stem = isDeclarationFile(file) ? file.replace(/\.d\.([cm]?)ts$/, '') : file.replace(/\.[^./]+$/, '');
  const stems = [stem.replace(builtDirectory, '/src/'), stem];
  const candidates = stems.flatMap((name) => sourceExtensions.map((extension) => name + extension));
  return candidates.find((candidate) => existsSync(candidate)) ?? (isSourceFile(file) ? file : undefined);
}

const builtDirectory = /\/(?:dist|build|lib|out)\/(?!.*\/(?:dist|build|lib|out)\/)/;
const sourceExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
