import type { Declaration } from '../../analysis/facts.ts';
import type { CheckerPort, SymbolKind } from './checkerPort.ts';
import { type PackageVersions, packageOfFile } from './packages.ts';
import { isDefaultLibrary } from './paths.ts';

const containers: ReadonlySet<SymbolKind> = new Set(['class', 'interface', 'enum', 'namespace']);

/** The name of a module that is itself referred to, e.g. by `import * as fs`. */
const moduleObject = '*';

/** Turns symbols into the declarations that the analysis compares with its models. */
export class DeclarationNames<S extends object, T extends object, G extends object> {
  readonly #port: CheckerPort<S, T, G>;
  readonly #versions: PackageVersions;
  readonly #known = new Map<S, Declaration | undefined>();

  constructor(port: CheckerPort<S, T, G>, versions: PackageVersions) {
    this.#port = port;
    this.#versions = versions;
  }

  /** The same object for the same symbol; `undefined` for what has no declaration. */
  declarationOf(symbol: S): Declaration | undefined {
    if (!this.#known.has(symbol)) {
      this.#known.set(symbol, this.#describe(this.#behindVariable(symbol)));
    }
    return this.#known.get(symbol);
  }

  /**
   * `const { Pool } = pg` renames; it declares nothing new. The variable stands for a class or function when its type
   * is that very class's or function's own type.
   */
  #behindVariable(symbol: S): S {
    if (this.#port.view(symbol).kind !== 'variable') {
      return symbol;
    }
    const type = this.#port.typeOf(symbol);
    const original = type && this.#port.symbolOf(type);
    if (!original || !['class', 'callable'].includes(this.#port.view(original).kind)) {
      return symbol;
    }
    const named = !this.#port.view(original).name.startsWith('__');
    return named && this.#port.typeOf(original) === type ? original : symbol;
  }

  #describe(symbol: S): Declaration | undefined {
    const view = this.#port.view(symbol);
    const index = preferred(view.files);
    const file = view.files[index];
    if (file === undefined || view.kind === 'typeParameter') {
      return undefined;
    }
    const module = this.#moduleOf(symbol, index, file);
    const parent = this.#port.parent(symbol);
    const container = parent && this.#port.view(parent);
    const isModule = view.kind === 'ambientModule' || view.kind === 'sourceModule';
    const source = packageOfFile(file);
    return {
      package: source?.name,
      // The compiler's version says nothing about the project, and must not tell the back-ends apart.
      version: source && !isDefaultLibrary(file) ? this.#versions.of(source.directory) : undefined,
      module,
      file,
      container: container && containers.has(container.kind) && isNameable(container.name) ? container.name : undefined,
      name: isModule ? moduleObject : view.name,
    };
  }

  #moduleOf(symbol: S, declaration: number, file: string): string | undefined {
    let global = true;
    for (let each: S | undefined = symbol; each; each = this.#port.parent(each)) {
      const view = this.#port.view(each);
      if (view.kind === 'ambientModule') {
        return withoutScheme(view.name);
      }
      global &&= view.kind !== 'sourceModule';
    }
    // `declare module 'events' { global { … } }`: the symbol is global, but the text still says where it belongs.
    const mayBeInside = global && packageOfFile(file) !== undefined && !isDefaultLibrary(file);
    const around = mayBeInside ? this.#port.moduleAround(symbol, declaration) : undefined;
    return around === undefined ? undefined : withoutScheme(around);
  }
}

/**
 * Which declaration stands for a merged name: the language's own, then a package's, then the browser's libraries, which
 * compilers add unless told otherwise, then an augmentation by the project.
 */
function preferred(files: readonly string[]): number {
  const ranks = files.map(rankOf);
  return Math.max(0, ranks.indexOf(Math.min(...ranks)));
}

function rankOf(file: string): number {
  if (isDefaultLibrary(file)) {
    return /\/lib\.es[^/]*$/.test(file) ? 0 : 2;
  }
  return packageOfFile(file) ? 1 : 3;
}

function isNameable(name: string): boolean {
  return !name.startsWith('__');
}

function withoutScheme(module: string): string {
  return module.startsWith('node:') ? module.slice('node:'.length) : module;
}
