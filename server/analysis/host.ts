import type { TypeQuestions } from './facts.ts';
import type { Specifier } from './syntax/specifiers.ts';

/**
 * The analysis' only window on the world. Everything it returns is data; no call throws.
 * Paths are absolute, with `/`.
 */
export interface Host extends TypeQuestions {
  /** The text of a source file (unsaved text first), or `undefined` when it cannot be read or is no source file. */
  read(path: string): string | undefined;
  /** The modules that a source file names, as far as its text tells. */
  specifiers(path: string): readonly Specifier[];
  /** The project file that `specifier` means in `from`; `undefined` for packages, built-ins and what cannot be resolved. */
  resolve(from: string, specifier: string): string | undefined;
  /**
   * The source files of the project of `from` whose text holds `word` as a whole identifier, in a fixed order; `from` is
   * among them when it does. `undefined` when the project is too large to tell. No two words share a list.
   */
  mentioning(from: string, word: string): readonly string[] | undefined;
  /**
   * The source files through which others use the package of `from`, as its package.json says: none for a private one.
   * `undefined`: it cannot be told, or any file may be.
   */
  entries(from: string): readonly string[] | undefined;
  /** The directory of the package that a file belongs to: of the nearest package.json; `undefined` when there is none. */
  packageOf(path: string): string | undefined;
  /** Where a file lies, as far as the names of its folders belong to the project: a checkout may lie anywhere. */
  location(path: string): Location;
  /** The version of a package as installed for the file; `undefined` when it is not installed. */
  packageVersion(from: string, packageName: string): string | undefined;
  /** What the fixes may assume about the file's surroundings. */
  environment(path: string): Environment;
  /** Polled between functions; a cancelled analysis ends early and its result is thrown away. */
  cancelled(): boolean;
}

export interface Location {
  /** The path below the package; without one, below the repository, and without that in its directory. */
  readonly inPackage: string;
  /** The package's path in the repository, or in the outermost package around it; `undefined` when it lies in none. */
  readonly packagePath: string | undefined;
}

/** What decides whether a piece of syntax may be written into a file. */
export interface Environment {
  /** `using` parses and runs: TypeScript lowers it, or the oldest supported Node knows it. */
  readonly using: boolean;
  readonly moduleKind: 'esm' | 'commonjs';
  /**
   * Where the code runs, by its package and its tsconfig; `undefined` when they do not tell, or tell both. `hybrid`: in
   * pages and in the server of the framework that renders them.
   */
  readonly platform: 'browser' | 'hybrid' | 'node' | undefined;
  /** The package names the file for bundles of pages, which take it in place of another one. */
  readonly forPages: boolean;
  /**
   * What the file's package says it is run as: `command`: part of a command that others install;
   * `extension`: of an editor, where somebody starts its work, and it stays; `task`: something the
   * project's own developers run, by an npm script or as a command that is not published; `service`: started to stay.
   */
  readonly role: 'command' | 'extension' | 'task' | 'service' | undefined;
}
