import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { ancestors, join, toPortable } from '../files/paths.ts';

/** A tsconfig.json as far as module resolution and syntax questions need it. */
export interface TsConfig {
  readonly path: string;
  readonly options: ts.CompilerOptions;
  /** Options of the projects that a solution-style file refers to. */
  readonly references: readonly TsConfig[];
}

/** Finds and reads the tsconfig.json (or jsconfig.json) nearest to a file, each once. */
export class TsConfigs {
  readonly #byDirectory = new Map<string, TsConfig | undefined>();
  readonly #byPath = new Map<string, TsConfig | undefined>();

  nearest(path: string): TsConfig | undefined {
    const visited: string[] = [];
    let found: TsConfig | undefined;
    for (const directory of ancestors(path)) {
      if (this.#byDirectory.has(directory)) {
        found = this.#byDirectory.get(directory);
        break;
      }
      visited.push(directory);
      const file = ['tsconfig.json', 'jsconfig.json'].map((name) => join(directory, name)).find((at) => existsSync(at));
      found = file === undefined ? undefined : this.#read(file);
      if (found !== undefined) break;
    }
    for (const directory of visited) this.#byDirectory.set(directory, found);
    return found;
  }

  #read(path: string): TsConfig | undefined {
    if (this.#byPath.has(path)) return this.#byPath.get(path);
    // Projects may refer to each other in a circle.
    this.#byPath.set(path, undefined);
    const config = this.#parse(path);
    this.#byPath.set(path, config);
    return config;
  }

  #parse(path: string): TsConfig | undefined {
    const source = ts.readConfigFile(path, readText);
    if (source.config === undefined) return undefined;
    const directory = path.slice(0, path.lastIndexOf('/'));
    // The list of files is not needed here, and making it would read the whole tree.
    const host: ts.ParseConfigHost = {
      useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
      fileExists: ts.sys.fileExists,
      readFile: readText,
      readDirectory: () => [],
    };
    const parsed = ts.parseJsonConfigFileContent(source.config, host, directory, undefined, path);
    const references = (parsed.projectReferences ?? []).flatMap((reference) => {
      const target = toPortable(ts.resolveProjectReferencePath(reference));
      return this.#read(target) ?? [];
    });
    return { path, options: parsed.options, references };
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
