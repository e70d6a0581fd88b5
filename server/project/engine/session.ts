import type { Analysis } from '../../analysis/check.ts';
import { Packages } from '../files/packages.ts';
import { ProjectFiles } from '../files/projectFiles.ts';
import { SourceStore } from '../files/sourceStore.ts';
import type { Watch } from '../types/typeTier.ts';
import { LazyTypeTier } from './lazyTypeTier.ts';
import type { EngineParts } from './parts.ts';
import type { Progress, TypesMode } from './protocol.ts';

/** What a session needs of the thread it runs in. */
export interface ThreadControl {
  readonly cancelled: () => boolean;
  readonly progress: (progress: Progress) => void;
  readonly watch: Watch;
  /** Whether the session follows edits, rather than being there for one run. */
  readonly longLived?: boolean;
}

/** Everything that lives as long as one view of the project: texts, packages, types and the analysis. */
export class Session {
  readonly store = new SourceStore();
  readonly packages = new Packages();
  /** The files of the whole project, beyond those that are checked. */
  readonly files = new ProjectFiles(this.store);
  readonly control: ThreadControl;
  readonly #parts: EngineParts;
  readonly #mode: TypesMode;
  #loaded: Promise<Loaded> | undefined;
  #types: LazyTypeTier | undefined;
  #unsaved = new Map<string, string | undefined>();

  constructor(parts: EngineParts, mode: TypesMode, control: ThreadControl) {
    this.#parts = parts;
    this.#mode = mode;
    this.control = control;
  }

  /** The type tier, once the analysis was loaded. */
  get types(): LazyTypeTier | undefined {
    return this.#types;
  }

  /** Loads what needs the parser, once. */
  async analysis(): Promise<Analysis> {
    return (await this.#ready()).analysis;
  }

  /** Puts a text in the place of what the disk says, for every part of the session. */
  async overlay(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of texts) this.store.overlay(path, text);
    await this.#changed(new Map([...texts.keys()].map((path) => [path, this.store.unsaved(path)])));
  }

  /** Takes over what an editor did: `undefined` means that the disk's text counts again. */
  async edited(texts: ReadonlyMap<string, string | undefined>): Promise<void> {
    for (const [path, text] of texts) this.store.overlay(path, text);
    await this.#changed(new Map([...texts.keys()].map((path) => [path, this.store.unsaved(path)])), 'text');
  }

  /** Reads these files from the disk again. */
  async reread(paths: Iterable<string>): Promise<void> {
    const changed = new Map<string, string | undefined>();
    for (const path of paths) {
      this.store.forget(path);
      changed.set(path, this.store.unsaved(path));
    }
    await this.#changed(changed);
  }

  /** Forgets what was read from tsconfig.json, package.json and the like. */
  async reconfigure(): Promise<void> {
    this.packages.forget();
    const loaded = await this.#loaded;
    loaded?.host.reconfigure();
    loaded?.analysis.invalidate([]);
  }

  /** Makes every answer about types unknown, or lets the types answer again. */
  async holdTypes(held: boolean): Promise<void> {
    const { analysis } = await this.#ready();
    if (this.#types === undefined || this.#types.held === held) return;
    this.#types.held = held;
    // What was derived from the other kind of answers is void.
    analysis.invalidate([]);
  }

  /** Lets go of texts and trees of files that are not open; they are read again when needed. */
  async release(paths: readonly string[]): Promise<void> {
    const closed = paths.filter((path) => this.store.unsaved(path) === undefined);
    for (const path of closed) this.store.forget(path);
    const loaded = await this.#loaded;
    loaded?.host.invalidate(closed, 'text');
    loaded?.analysis.invalidate(closed);
  }

  /** Throws away what an analysis that was cut off may have left half done. */
  async recover(): Promise<void> {
    (await this.#loaded)?.analysis.invalidate([]);
  }

  close(): void {
    this.#types?.close();
  }

  #ready(): Promise<Loaded> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async #changed(texts: ReadonlyMap<string, string | undefined>, what: 'text' | 'files' = 'files'): Promise<void> {
    this.files.changed(texts.keys(), what);
    if (this.#loaded === undefined) {
      for (const [path, text] of texts) this.#unsaved.set(path, text);
      return;
    }
    const { analysis, host } = await this.#loaded;
    host.invalidate(texts.keys(), what);
    analysis.invalidate(texts.keys());
    this.#types?.update(texts);
  }

  async #load(): Promise<Loaded> {
    const [createAnalysis, createTypeTier, { ProjectHost }] = await Promise.all([
      this.#parts.loadAnalysis(),
      this.#mode === 'off' ? undefined : this.#parts.loadTypeTier(),
      import('./host.ts'),
    ]);
    const { watch, cancelled, longLived = false } = this.control;
    const types = new LazyTypeTier(
      createTypeTier === undefined ? undefined : () => createTypeTier({ watch, longLived }),
      (path) => analysis.isRedeclared(path),
    );
    types.update(this.#unsaved);
    this.#types = types;
    const host = new ProjectHost({ store: this.store, packages: this.packages, files: this.files, types, cancelled });
    const analysis = createAnalysis(host);
    return { analysis, host };
  }
}

interface Loaded {
  readonly analysis: Analysis;
  readonly host: { invalidate(paths: Iterable<string>, what: 'text' | 'files'): void; reconfigure(): void };
}
