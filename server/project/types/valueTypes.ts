import type { Disposal } from '../../analysis/facts.ts';
import type { CheckerPort } from './checkerPort.ts';
import { isDefaultLibrary } from './paths.ts';

/** What awaiting a value yields. */
export interface Awaited<T> {
  /** The possible types, without `null` and `undefined`; empty when any of them is unknown. */
  readonly parts: readonly T[];
  /** Whether the value is a promise; `undefined` when it may or may not be one. */
  readonly promise: boolean | undefined;
}

/** Promises of promises are flattened when awaited; a deeper chain than this is a type that refers to itself. */
const deepestPromise = 5;

/** Libraries that support old runtimes key the methods by a symbol of their own, which is the well-known one where it exists. */
const syncKey = /^__@dispose(?:Symbol)?@\d+$/;
const asyncKey = /^__@asyncDispose(?:Symbol)?@\d+$/;

const unknownAwaited: Awaited<never> = { parts: [], promise: undefined };

/** What the types of values say about promises, disposal and abort signals. */
export class ValueTypes<S extends object, T extends object, G extends object> {
  readonly #port: CheckerPort<S, T, G>;
  readonly #awaited = new Map<T, Awaited<T>>();
  readonly #disposal = new Map<T, Disposal | undefined>();

  constructor(port: CheckerPort<S, T, G>) {
    this.#port = port;
  }

  awaited(type: T, depth = 0): Awaited<T> {
    const known = this.#awaited.get(type);
    if (known) {
      return known;
    }
    const answer = this.#await(type, depth);
    if (depth === 0) {
      this.#awaited.set(type, answer);
    }
    return answer;
  }

  #await(type: T, depth: number): Awaited<T> {
    const parts = this.#parts(type);
    if (parts.length === 0 || depth > deepestPromise) {
      return unknownAwaited;
    }
    const values: T[] = [];
    const promises = new Set<boolean>();
    let known = true;
    for (const part of parts) {
      const then = this.#port.property(part, 'then');
      const fulfilled = then && this.#fulfilled(then);
      promises.add(fulfilled !== undefined);
      if (fulfilled === undefined) {
        values.push(part);
      } else {
        const inner = fulfilled.value ? this.awaited(fulfilled.value, depth + 1).parts : [];
        known &&= inner.length > 0;
        values.push(...inner);
      }
    }
    return { parts: known ? values : [], promise: promises.size === 1 ? promises.has(true) : undefined };
  }

  /** The type that a `then` method hands to its first callback; `undefined` when it is no such method. */
  #fulfilled(then: S): { value: T | undefined } | undefined {
    const type = this.#port.typeOf(then);
    const [method] = type ? this.#port.signatures(type) : [];
    if (!method) {
      return undefined;
    }
    const [callback] = this.#port.parameterTypes(method);
    const parts = callback ? this.#parts(callback) : [];
    for (const part of parts) {
      const [handler] = this.#port.signatures(part);
      if (handler) {
        return { value: this.#port.parameterTypes(handler)[0] };
      }
    }
    return callback ? { value: undefined } : undefined;
  }

  /** The symbol that names all parts together; `undefined` when they are named differently or not at all. */
  named(parts: readonly T[]): S | undefined {
    const [first, ...others] = parts.map((part) => this.#nameOf(part));
    return others.every((each) => each === first) ? first : undefined;
  }

  #nameOf(type: T): S | undefined {
    const own = this.#port.symbolOf(type);
    if (own && this.#isName(own)) {
      return own;
    }
    const alias = this.#port.aliasOf(type);
    // `NonNullable`, `Pick` and their like name an operation, not what it yields.
    if (alias && !this.#port.view(alias).files.every(isDefaultLibrary)) {
      return alias;
    }
    for (const part of this.#port.intersectionParts(type) ?? []) {
      const name = this.#nameOf(part);
      if (name) {
        return name;
      }
    }
    return undefined;
  }

  #isName(symbol: S): boolean {
    const view = this.#port.view(symbol);
    return view.kind !== 'typeParameter' && !view.name.startsWith('__');
  }

  /** How values of all the types are disposed; `undefined` when they differ, are unknown, or the libraries know no disposal. */
  disposal(types: readonly T[]): Disposal | undefined {
    const answers = types.flatMap((type) => {
      const parts = this.#parts(type);
      return parts.length === 0 ? [undefined] : parts.map((part) => this.#disposalOf(part));
    });
    const [first] = answers;
    return answers.every((answer) => answer === first) ? first : undefined;
  }

  #disposalOf(type: T): Disposal | undefined {
    if (!this.#disposal.has(type)) {
      this.#disposal.set(type, this.#findDisposal(type));
    }
    return this.#disposal.get(type);
  }

  #findDisposal(type: T): Disposal | undefined {
    if (!this.#port.knowsDisposal()) {
      return undefined;
    }
    const keys = this.#port.propertyKeys(type);
    const sync = keys.some((key) => syncKey.test(key));
    const async = keys.some((key) => asyncKey.test(key));
    return sync ? (async ? 'both' : 'sync') : async ? 'async' : 'none';
  }

  /**
   * The first parameter, over the overloads in order, that takes an abort signal; `none` when surely none does.
   * A parameter of unknown type may take one. Objects that merely have a signal (`Request`) count last: an option is
   * optional.
   */
  signalParameter(signatures: readonly G[]): number | 'none' | undefined {
    const parameters = signatures.flatMap((signature) =>
      this.#port.parameterTypes(signature).map((type, index) => ({ index, parts: type ? this.#parts(type) : [] })),
    );
    const takes = (accepts: (part: T) => boolean) => parameters.find(({ parts }) => parts.some(accepts))?.index;
    const index =
      takes((part) => this.#isSignal(part) || this.#hasSignal(part, true)) ??
      takes((part) => this.#hasSignal(part, false));
    return index ?? (parameters.every(({ parts }) => parts.length > 0) ? 'none' : undefined);
  }

  #hasSignal(type: T, optional: boolean): boolean {
    const property = this.#port.property(type, 'signal');
    const value = property && this.#port.isOptional(property) === optional ? this.#port.typeOf(property) : undefined;
    return value !== undefined && this.#parts(value).some((part) => this.#isSignal(part));
  }

  #isSignal(type: T): boolean {
    const symbol = this.#nameOf(type);
    return symbol !== undefined && this.#port.view(symbol).name === 'AbortSignal';
  }

  /** The members of a union, without `null` and `undefined`; empty when the type is unknown. */
  #parts(type: T): readonly T[] {
    if (this.#port.isUnknown(type)) {
      return [];
    }
    const present = this.#port.nonNullable(type);
    return this.#port.unionParts(present) ?? [present];
  }
}
