import { type Disposal, type TokenFact, type TokenQuery, unknownFact } from '../../analysis/facts.ts';
import type { CheckerPort } from './checkerPort.ts';
import { DeclarationNames } from './declarationNames.ts';
import type { PackageVersions } from './packages.ts';
import { ValueTypes } from './valueTypes.ts';

/**
 * Derives facts from one program. Lives as long as one state of that program: everything it caches is keyed by the
 * compiler's handles, which the next state replaces.
 */
export class TokenAnswers<S extends object, T extends object, G extends object> {
  readonly #port: CheckerPort<S, T, G>;
  readonly #names: DeclarationNames<S, T, G>;
  readonly #values: ValueTypes<S, T, G>;

  constructor(port: CheckerPort<S, T, G>, versions: PackageVersions) {
    this.#port = port;
    this.#names = new DeclarationNames(port, versions);
    this.#values = new ValueTypes(port);
  }

  /** Answers in the order of the queries. Throws only what the port throws. */
  facts(path: string, queries: readonly TokenQuery[]): TokenFact[] {
    const valid = queries.filter((query) => Number.isSafeInteger(query.position) && query.position >= 0);
    const symbols = this.#port.symbolsAt(
      path,
      valid.map((query) => query.position),
    );
    const answers = new Map(valid.map((query, index) => [query, this.#answer(path, query, symbols[index])]));
    return queries.map((query) => answers.get(query) ?? unknownFact);
  }

  #answer(path: string, query: TokenQuery, symbol: S | undefined): TokenFact {
    const view = symbol && this.#port.view(symbol);
    // A position outside every token belongs to the file itself, which is no declaration of a name.
    if (!symbol || (view?.kind === 'sourceModule' && view.files.includes(path))) {
      return unknownFact;
    }
    const declaration = this.#names.declarationOf(symbol);
    const aspects = new Set(query.aspects);
    const callee = aspects.size > 0 ? this.#port.calleeAt(path, query.position) : undefined;
    if (!callee || this.#port.isUnknown(callee.type)) {
      return { ...unknownFact, declaration };
    }
    const type = this.#port.nonNullable(callee.type);
    const signatures = this.#port.signatures(type);
    const called = callee.resolved ? [callee.resolved] : signatures;
    return {
      declaration,
      result: aspects.has('result') ? this.#result(called) : undefined,
      disposal: aspects.has('disposal') ? this.#disposal(type, called) : undefined,
      promise: aspects.has('promise') ? agreed(called.map((each) => this.#promise(each))) : undefined,
      signal: aspects.has('signal') && signatures.length > 0 ? this.#values.signalParameter(signatures) : undefined,
      never: aspects.has('never') ? this.#never(signatures) : undefined,
    };
  }

  #result(called: readonly G[]) {
    const results = called.map((signature) => {
      const returned = this.#port.returnType(signature);
      const named = returned && this.#values.named(this.#values.awaited(returned).parts);
      return named && this.#names.declarationOf(named);
    });
    const [first] = results;
    return results.every((each) => each === first) ? first : undefined;
  }

  #promise(signature: G): boolean | undefined {
    const returned = this.#port.returnType(signature);
    return returned && this.#values.awaited(returned).promise;
  }

  #disposal(type: T, called: readonly G[]): Disposal | undefined {
    if (called.length === 0) {
      return this.#values.disposal([type]);
    }
    return agreed(
      called.map((signature) => {
        const returned = this.#port.returnType(signature);
        return returned && this.#values.disposal(this.#values.awaited(returned).parts);
      }),
    );
  }

  #never(signatures: readonly G[]): boolean | undefined {
    const returned = signatures.map((signature) => this.#port.returnType(signature));
    if (returned.length === 0) {
      return undefined;
    }
    if (returned.some((each) => each !== undefined && !this.#port.isUnknown(each) && !this.#port.isNever(each))) {
      return false;
    }
    return returned.every((each) => each !== undefined && this.#port.isNever(each)) ? true : undefined;
  }
}

/** The common value; `undefined` when the list is empty or its members differ. */
function agreed<V>(values: readonly (V | undefined)[]): V | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}
