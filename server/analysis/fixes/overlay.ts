import type ts from 'typescript';
import { unknownFact } from '../facts.ts';
import type { Host } from '../host.ts';
import { Program, type TextTest } from '../syntax/program.ts';
import { specifiersIn } from '../syntax/specifiers.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { mentions } from '../syntax/words.ts';
import type { PositionMap } from './positions.ts';

/** A file as an edit would leave it. */
export interface EditedFile {
  readonly path: string;
  readonly text: string;
  /** From the text as it is to the edited one; `undefined` for a file that the edit creates. */
  readonly positions: PositionMap | undefined;
}

/** A program in which some files are edited or created; all others are those of the program it is laid over. */
export class EditedProgram extends Program {
  readonly #base: Program;
  readonly #edited: ReadonlySet<string>;

  constructor(base: Program, files: readonly EditedFile[]) {
    super(overlay(base.host, new Map(files.map((file) => [file.path, file]))));
    this.#base = base;
    this.#edited = new Set(files.map(({ path }) => path));
  }

  override unit(path: string): SourceUnit | undefined {
    return this.#edited.has(path) ? super.unit(path) : this.#base.unit(path);
  }

  override textSays(path: string, test: TextTest, word: string): boolean {
    return this.#edited.has(path) ? super.textSays(path, test, word) : this.#base.textSays(path, test, word);
  }

  override unitOf(node: ts.Node): SourceUnit {
    const file = node.getSourceFile();
    for (const path of this.#edited) {
      const own = this.unit(path);
      if (own?.file === file) return own;
    }
    return this.#base.unitOf(node);
  }
}

/**
 * The host as it would be with the files edited. Facts are those of the original tokens: asking the type tier about a
 * text that may never exist would cost more than the whole check. Of inserted tokens nothing is known.
 */
function overlay(host: Host, edited: ReadonlyMap<string, EditedFile>): Host {
  const created = [...edited.values()].filter(({ positions }) => !positions).map(({ path }) => path);
  /** By the list of the files that hold the word as they are. */
  const mentioning = new WeakMap<readonly string[], readonly string[]>();
  return {
    read: (path) => edited.get(path)?.text ?? host.read(path),
    specifiers(path) {
      const file = edited.get(path);
      return file ? specifiersIn(file.text) : host.specifiers(path);
    },
    resolve: (from, specifier) => meant(created, from, specifier) ?? host.resolve(from, specifier),
    mentioning(from, word) {
      const before = host.mentioning(from, word);
      if (before === undefined) return undefined;
      let after = mentioning.get(before);
      if (after === undefined) {
        const own = [...edited.values()].filter(({ text }) => mentions(text, word)).map(({ path }) => path);
        after = [...before.filter((path) => !edited.has(path)), ...own].sort();
        mentioning.set(before, after);
      }
      return after;
    },
    entries: (from) => host.entries(from),
    packageOf: (path) => host.packageOf(path),
    location: (path) => host.location(path),
    facts(path, queries) {
      const file = edited.get(path);
      if (!file) return host.facts(path, queries);
      const asked = queries.map((query) => ({ ...query, position: file.positions?.backward(query.position) }));
      const known = asked.filter((query): query is typeof query & { position: number } => query.position !== undefined);
      const answers = known.length > 0 ? host.facts(path, known)[Symbol.iterator]() : undefined;
      return asked.map(({ position }) =>
        position === undefined ? unknownFact : (answers?.next().value ?? unknownFact),
      );
    },
    newErrors: () => undefined,
    packageVersion: (from, name) => host.packageVersion(from, name),
    environment: (path) => host.environment(path),
    cancelled: () => host.cancelled(),
  };
}

/** The file among those to be created that a relative specifier means: nobody can find it on the disk yet. */
function meant(created: readonly string[], from: string, specifier: string): string | undefined {
  if (created.length === 0 || !/^\.{1,2}(?:\/|$)/.test(specifier)) return undefined;
  const target = below(from.slice(0, from.lastIndexOf('/')), specifier);
  const stem = withoutExtension(target);
  return created.find((path) => {
    const own = withoutExtension(path);
    return path === target || own === target || own === stem || own === `${target}/index`;
  });
}

function below(directory: string, specifier: string): string {
  const parts = directory.split('/');
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, '');
