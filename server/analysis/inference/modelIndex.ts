import type { Declaration } from '../facts.ts';
import type { AcquireSite, Acquisition, LibraryModel, ModuleShape, TypeShape, ValueShape } from '../resources/model.ts';
import type { LibraryType } from './known.ts';

/** An acquisition together with the model it comes from. */
export interface ModelledAcquisition {
  readonly model: LibraryModel;
  readonly acquisition: Acquisition;
}

/** Something that a library exports. */
export interface LibraryValue {
  readonly model: LibraryModel;
  readonly shape: ValueShape;
}

/** All models, looked up from every side the analysis comes from. */
export class ModelIndex {
  readonly models: readonly LibraryModel[];
  readonly #modules = new Map<string, { model: LibraryModel; module: ModuleShape }>();
  readonly #globals = new Map<string, LibraryValue>();
  readonly #packages = new Map<string, LibraryModel[]>();
  /** Names of members, exports and classes that some acquisition is called by. */
  readonly acquireNames: ReadonlyMap<string, readonly ModelledAcquisition[]>;
  /** By module: what its default export acquires, which every file calls as it likes. */
  readonly acquiringDefaults: ReadonlyMap<string, readonly ModelledAcquisition[]>;

  constructor(models: readonly LibraryModel[]) {
    this.models = models;
    const names = new Map<string, ModelledAcquisition[]>();
    const defaults = new Map<string, ModelledAcquisition[]>();
    const add = (map: typeof names, key: string, value: ModelledAcquisition): void =>
      void map.set(key, [...(map.get(key) ?? []), value]);
    for (const model of models) {
      for (const [specifier, module] of Object.entries(model.modules)) this.#modules.set(specifier, { model, module });
      for (const [name, shape] of Object.entries(model.globals ?? {})) this.#globals.set(name, { model, shape });
      for (const { name } of model.packages) this.#packages.set(name, [...(this.#packages.get(name) ?? []), model]);
      for (const acquisition of model.acquisitions) {
        if (!isDefault(acquisition.at)) add(names, siteName(acquisition.at), { model, acquisition });
        for (const module of defaultsOf(model, acquisition.at)) add(defaults, module, { model, acquisition });
      }
    }
    this.acquireNames = names;
    this.acquiringDefaults = defaults;
  }

  /** What a module specifier exports, if a model describes it. */
  module(specifier: string): { readonly model: LibraryModel; readonly module: ModuleShape } | undefined {
    return this.#modules.get(specifier) ?? this.#modules.get(specifier.replace(/^node:/, ''));
  }

  /** What a name means that the file neither declares nor imports. */
  global(name: string): LibraryValue | undefined {
    return this.#globals.get(name);
  }

  /** Whether a declaration is that of a module's export. */
  declaresExport(
    { module, file, container, name, package: source }: Declaration,
    { model, acquisition }: ModelledAcquisition,
  ): boolean {
    const { at } = acquisition;
    if (!('export' in at) || at.export !== name || container !== undefined) return false;
    if (module !== undefined)
      return model.modules[at.module] !== undefined && module.replace(/^node:/, '') === at.module;
    if (!model.packages.some((p) => p.name === source)) return false;
    // A package with several entries that export the name: the file tells which one is meant.
    const entries = Object.keys(model.modules).filter((m) => Object.hasOwn(model.modules[m] ?? {}, name));
    return entries.length === 1 || file.includes(`/${at.module}.`) || file.includes(`/${at.module}/`);
  }

  /** The type graph's name for the class or interface that a declaration belongs to. */
  typeOf(declaration: Declaration): LibraryType | undefined {
    if (declaration.package === undefined || declaration.container === undefined) return undefined;
    for (const model of this.#packages.get(declaration.package) ?? []) {
      for (const [type, shape] of Object.entries(model.types)) {
        if (declares(type, shape, declaration, declaration.container)) return { model, type };
      }
    }
    return undefined;
  }

  /** The type graph's name for a type's own declaration. */
  namedType(declaration: Declaration): LibraryType | undefined {
    return this.typeOf({ ...declaration, container: declaration.name });
  }

  knowsPackage(name: string): boolean {
    return this.#packages.has(name);
  }

  /** A member of a type, following `extends`. */
  member({ model, type }: LibraryType, name: string): ValueShape | undefined {
    for (let current: string | undefined = type; current !== undefined; ) {
      const shape: TypeShape | undefined = model.types[current];
      if (shape && Object.hasOwn(shape.members, name)) return shape.members[name];
      current = shape?.extends;
    }
    return undefined;
  }

  /** What a call of a value of the type does, where it can be called. */
  callOf({ model, type }: LibraryType): ValueShape | undefined {
    return model.types[type]?.call;
  }

  /** Whether `type` is `ancestor` or extends it. */
  isA({ model, type }: LibraryType, ancestor: string): boolean {
    for (let current: string | undefined = type; current !== undefined; current = model.types[current]?.extends) {
      if (current === ancestor) return true;
    }
    return false;
  }
}

function declares(type: string, shape: TypeShape, declaration: Declaration, container: string): boolean {
  if (!shape.declaredAs) return type === container;
  return shape.declaredAs.some(
    (as) => as.container === container && (as.file === undefined || declaration.file.endsWith(as.file)),
  );
}

const isDefault = (at: AcquireSite): boolean => 'export' in at && at.export === 'default';

/** The modules whose default export is the function or class of the site. */
export function defaultsOf({ modules }: LibraryModel, at: AcquireSite): readonly string[] {
  if ('export' in at) return at.export === 'default' ? [at.module] : [];
  if (!('construct' in at)) return [];
  return Object.entries(modules).flatMap(([specifier, { default: shape }]) =>
    shape && 'class' in shape && shape.class === at.construct ? [specifier] : [],
  );
}

/** The token that a call of the site is recognised by. */
export function siteName(at: AcquireSite): string {
  if ('member' in at) return at.member;
  if ('global' in at) return at.global;
  if ('call' in at) return at.call;
  return 'export' in at ? at.export : at.construct;
}

/** The site in the words of a message: `Pool#connect`, `new Client`. */
export function siteTitle(at: AcquireSite): string {
  if ('member' in at) return `${at.type.split('.').at(-1)}#${at.member}`;
  return 'construct' in at ? `new ${at.construct}` : siteName(at);
}
