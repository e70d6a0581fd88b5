import type ts from 'typescript';
import type { TokenFact } from '../facts.ts';
import type { Host } from '../host.ts';
import { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { mentions } from '../syntax/words.ts';
import type { PositionMap } from './positions.ts';

export interface EditedFile {
  readonly path: string;
  readonly text: string;
  readonly positions: PositionMap;
}

/** A program in which one file is edited; all others are those of the program it is laid over. */
export class EditedProgram extends Program {
  readonly #base: Program;
  readonly #path: string;

  constructor(base: Program, edited: EditedFile) {
    super(overlay(base.host, edited));
    this.#base = base;
    this.#path = edited.path;
  }

  override unit(path: string): SourceUnit | undefined {
    return path === this.#path ? super.unit(path) : this.#base.unit(path);
  }

  override unitOf(node: ts.Node): SourceUnit {
    const own = this.unit(this.#path);
    return own && node.getSourceFile() === own.file ? own : this.#base.unitOf(node);
  }
}

const unknownFact: TokenFact = {
  declaration: undefined,
  result: undefined,
  disposal: undefined,
  promise: undefined,
  signal: undefined,
  never: undefined,
};

/**
 * The host as it would be with the file edited. Facts are those of the original tokens: asking the type tier about a
 * text that may never exist would cost more than the whole check. Of inserted tokens nothing is known.
 */
function overlay(host: Host, { path, text, positions }: EditedFile): Host {
  return {
    read: (other) => (other === path ? text : host.read(other)),
    resolve: (from, specifier) => host.resolve(from, specifier),
    mentioning(from, word) {
      const others = host.mentioning(from, word)?.filter((other) => other !== path);
      return others && mentions(text, word) ? [...others, path].sort() : others;
    },
    entries: (from) => host.entries(from),
    facts(other, queries) {
      if (other !== path) return host.facts(other, queries);
      const asked = queries.map((query) => ({ ...query, position: positions.backward(query.position) }));
      const known = asked.filter((query): query is typeof query & { position: number } => query.position !== undefined);
      const answers = host.facts(path, known)[Symbol.iterator]();
      return asked.map(({ position }) =>
        position === undefined ? unknownFact : (answers.next().value ?? unknownFact),
      );
    },
    newErrors: () => undefined,
    packageVersion: (from, name) => host.packageVersion(from, name),
    environment: (other) => host.environment(other),
    cancelled: () => host.cancelled(),
  };
}
