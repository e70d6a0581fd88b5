import ts from 'typescript';
import { isTestFile } from '../contexts/places.ts';
import { siteName } from '../inference/modelIndex.ts';
import type { LibraryModel, Wait, WaitDefaults } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, memberKinds, walkKinds } from '../syntax/nodes.ts';
import { memberName, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Defaults } from './defaults.ts';
import { isAt } from './sites.ts';

/** A place where a bound is given to all waits of a library. */
interface ProcessPlace {
  readonly model: LibraryModel;
  readonly defaults: WaitDefaults;
}

/** Bounds that one file of the project gives to the waits of all. */
export class ProcessDefaults {
  readonly #semantics: Semantics;
  readonly #unit: SourceUnit;
  readonly #defaults: Defaults;
  readonly #known = new Map<unknown, boolean>();

  constructor(semantics: Semantics, unit: SourceUnit, defaults: Defaults) {
    this.#semantics = semantics;
    this.#unit = unit;
    this.#defaults = defaults;
  }

  /** Whether the project bounds all waits of the kind: `setGlobalDispatcher(new Agent({ … }))`, a module's registration. */
  bounds(model: LibraryModel, wait: Wait): boolean {
    const takesCarrier = wait.bounds.some(({ carrier }) => carrier);
    return this.#semantics.models.models.some((other) =>
      (other.defaults ?? []).some(
        (defaults) =>
          defaults.reach === 'process' &&
          (defaults.carrier ? takesCarrier : other === model) &&
          this.#once(defaults, () => this.#isCalled({ model: other, defaults })),
      ),
    );
  }

  /** Whether the project changes the library's own defaults: `axios.defaults.timeout = …`, an interceptor that gives one. */
  changes(model: LibraryModel, wait: Wait): boolean {
    return (model.defaults ?? []).some((defaults) =>
      [defaults.assigned, ...(defaults.hooks ?? [])].some(
        (property) =>
          property !== undefined &&
          this.#once(`${model.library} ${property}`, () => this.#isTouched(model, wait, property)),
      ),
    );
  }

  #once(key: unknown, compute: () => boolean): boolean {
    let answer = this.#known.get(key);
    if (answer === undefined) {
      answer = compute();
      this.#known.set(key, answer);
    }
    return answer;
  }

  #isCalled({ model, defaults }: ProcessPlace): boolean {
    const own = (model.bounds ?? []).filter(({ at }) => JSON.stringify(at) === JSON.stringify(defaults.at));
    return this.#some(siteName(defaults.at), model, callKinds, (node) => {
      if (!ts.isCallExpression(node) || !isAt(this.#semantics.inference, node, model, defaults.at)) return false;
      const given = node.arguments[defaults.options];
      if (!given) return false;
      const state = own.length > 0 ? this.#defaults.ofOptions(given, own) : this.#defaults.ofCarrier(given);
      return state !== 'absent';
    });
  }

  /** The library itself, not one of its instances. */
  #isTouched(model: LibraryModel, { bounds }: Wait, property: string): boolean {
    const options = new RegExp(
      `\\b(?:${bounds.map(({ option }) => option.split('.')[0]).join('|')}|AbortSignal|AbortController)\\b`,
    );
    return this.#some(property, model, memberKinds, (node) => {
      if (!ts.isPropertyAccessExpression(node) || memberName(node) !== property) return false;
      const library = strip(node.expression);
      const { inference, program } = this.#semantics;
      if (!ts.isIdentifier(library) || inference.evaluate(library)?.kind !== 'library') return false;
      const kind = program.unitOf(library).scopes.bindingOf(library)?.kind;
      const isMade = kind !== 'import' && !isRequired(library, program.unitOf(library));
      return !isMade && options.test(statementOf(node).getText());
    });
  }

  /** Whether a node of a file that mentions the word and the library is one. */
  #some(
    word: string,
    { modules }: LibraryModel,
    kinds: readonly ts.SyntaxKind[],
    test: (node: ts.Node) => boolean,
  ): boolean {
    const { program } = this.#semantics;
    const paths = program.host.mentioning(this.#unit.path, word) ?? [this.#unit.path];
    const specifier = new RegExp(`['"\`](?:${Object.keys(modules).map(escaped).join('|')})['"\`]`);
    return paths.some((path) => {
      if (path !== this.#unit.path && isTestFile(program.host, path)) return false;
      if (!specifier.test(program.host.read(path) ?? '')) return false;
      const unit = path === this.#unit.path ? this.#unit : program.unit(path);
      let found = false;
      if (unit) {
        walkKinds(unit.file, kinds, (node) => {
          found ||= test(node);
        });
      }
      return found;
    });
  }
}

function isRequired(name: ts.Identifier, { scopes }: SourceUnit): boolean {
  const parent = scopes.bindingOf(name)?.declarations[0]?.parent;
  return (
    parent !== undefined &&
    ts.isVariableDeclaration(parent) &&
    parent.initializer !== undefined &&
    /^require\(/.test(parent.initializer.getText())
  );
}

function statementOf(node: ts.Node): ts.Node {
  let current = node;
  while (!ts.isStatement(current) && current.parent) current = current.parent;
  return current;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
