/** Where a name is declared, as the type tier sees it. A declaration is far better evidence than a name. */
export interface Declaration {
  /** The npm package without an `@types/` prefix; `node` for @types/node; `undefined` for code of the project itself. */
  readonly package: string | undefined;
  /** The installed version of the package that declares it, where known. */
  readonly version: string | undefined;
  /** The ambient module around the declaration, e.g. `fs/promises`, where there is one. */
  readonly module: string | undefined;
  /** Absolute path of the declaring file, with `/`. */
  readonly file: string;
  /** The class, interface, enum or namespace around it, e.g. `Pool`. */
  readonly container: string | undefined;
  /** The declared name; `default` for an anonymous default export, `constructor` for a constructor. */
  readonly name: string;
}

/** How values of a type are disposed. */
export type Disposal = 'none' | 'sync' | 'async' | 'both';

/** Everything beyond the declaration costs extra and is answered only where asked. */
export type Aspect = 'result' | 'disposal' | 'promise' | 'signal' | 'never';

/** A question about the name token that starts at `position` (UTF-16 offset). */
export interface TokenQuery {
  readonly position: number;
  readonly aspects: readonly Aspect[];
}

/**
 * The answer about one name token. A field that is `undefined` is unknown — never taken as safe or as leaky.
 */
export interface TokenFact {
  /** The declaration the token refers to, through import aliases. For an overloaded or merged name: the first. */
  readonly declaration: Declaration | undefined;
  /** `result`: the declaration of the type that a call of the token yields, promises unwrapped. */
  readonly result: Declaration | undefined;
  /** `disposal`: of the value that a call yields (promises unwrapped), or of the value itself when it is not callable. */
  readonly disposal: Disposal | undefined;
  /** `promise`: whether a call yields a promise. */
  readonly promise: boolean | undefined;
  /** `signal`: the index of the parameter that is an AbortSignal or an options object with a `signal` property; `none` when there is none. */
  readonly signal: number | 'none' | undefined;
  /** `never`: whether every signature returns `never`. */
  readonly never: boolean | undefined;
}

/** The answer where nothing is known. */
export const unknownFact: TokenFact = {
  declaration: undefined,
  result: undefined,
  disposal: undefined,
  promise: undefined,
  signal: undefined,
  never: undefined,
};

/** A type error that an edit would introduce. */
export interface IntroducedError {
  readonly code: number;
  readonly message: string;
  readonly start: number;
}

const typeBackends = ['native', 'typescript6', 'none'] as const;
export type TypeBackend = (typeof typeBackends)[number];

/** What may be asked of whoever knows types. */
export interface TypeQuestions {
  /** One batched question; the answers stand in the order of the queries. All-unknown answers where nothing is known. */
  facts(path: string, queries: readonly TokenQuery[]): readonly TokenFact[];
  /**
   * Type errors that the file would have with `editedText`, and other files with other texts, and does not have now;
   * `undefined` when types cannot tell.
   */
  newErrors(
    path: string,
    editedText: string,
    others?: ReadonlyMap<string, string>,
  ): readonly IntroducedError[] | undefined;
}
