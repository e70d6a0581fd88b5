import type ts from 'typescript';
import type { Host } from '../host.ts';
import { parseUnit, type SourceUnit } from './unit.ts';

/** The parsed files of one host. Files are parsed when first asked for and again when their text changed. */
export class Program {
  readonly host: Host;
  readonly #units = new Map<string, SourceUnit | undefined>();
  readonly #byFile = new WeakMap<ts.SourceFile, SourceUnit>();
  readonly #readers: Set<string>[] = [];

  constructor(host: Host) {
    this.host = host;
  }

  unit(path: string): SourceUnit | undefined {
    for (const reads of this.#readers) reads.add(path);
    if (this.#units.has(path)) return this.#units.get(path);
    const text = this.host.read(path);
    const unit = text === undefined ? undefined : parseUnit(path, text);
    if (unit) this.#byFile.set(unit.file, unit);
    this.#units.set(path, unit);
    return unit;
  }

  /** The unit that a node of one of this program's trees belongs to. */
  unitOf(node: ts.Node): SourceUnit {
    const unit = this.#byFile.get(node.getSourceFile());
    if (!unit) throw new Error('the node belongs to no file of this program');
    return unit;
  }

  /** The project file that an import means; `undefined` for packages and what cannot be resolved. */
  imported(from: SourceUnit, specifier: string): SourceUnit | undefined {
    const path = this.host.resolve(from.path, specifier);
    return path === undefined ? undefined : this.unit(path);
  }

  forget(path: string): void {
    this.#units.delete(path);
  }

  /** Runs `compute` and tells which files it looked at, so that its result can be dropped when one of them changes. */
  recording<T>(compute: () => T): { readonly value: T; readonly reads: ReadonlySet<string> } {
    const reads = new Set<string>();
    this.#readers.push(reads);
    try {
      return { value: compute(), reads };
    } finally {
      this.#readers.pop();
    }
  }
}
