/** What a symbol is, as far as naming its declaration needs it. */
export type SymbolKind =
  | 'class'
  | 'interface'
  | 'enum'
  | 'namespace'
  | 'callable'
  | 'variable'
  | 'sourceModule'
  | 'ambientModule'
  | 'typeParameter'
  | 'other';

/** The part of a symbol that both compilers know without further questions. */
export interface SymbolView {
  readonly kind: SymbolKind;
  /** The declared name in source form; compiler-internal names (`__type`) stay as they are. */
  readonly name: string;
  /** Absolute paths of the declaring files, one per declaration, in the compiler's order. */
  readonly files: readonly string[];
}

/** How a token is called at its place, and what it is. */
export interface CalleeView<T, G> {
  readonly type: T;
  /** The overload that the surrounding call picks; `undefined` when the token is not the callee of a call. */
  readonly resolved: G | undefined;
}

/**
 * The few questions about one program that both compilers answer, so that one algorithm derives the facts of both.
 * `S`, `T` and `G` are the compiler's own symbols, types and signatures; equal handles mean equal things.
 */
export interface CheckerPort<S extends object, T extends object, G extends object> {
  /** The symbols of the tokens that start at the positions, import aliases followed; `undefined` where unresolved. */
  symbolsAt(path: string, positions: readonly number[]): readonly (S | undefined)[];
  view(symbol: S): SymbolView;
  parent(symbol: S): S | undefined;
  /** The ambient module that stands, in the text, around the declaration with that index. */
  moduleAround(symbol: S, declaration: number): string | undefined;
  typeOf(symbol: S): T | undefined;
  /** The value that the token is; `undefined` for names in types. */
  calleeAt(path: string, position: number): CalleeView<T, G> | undefined;
  /** Call signatures; construct signatures when there are no call signatures. */
  signatures(type: T): readonly G[];
  parameterTypes(signature: G): readonly (T | undefined)[];
  returnType(signature: G): T | undefined;
  isOptional(property: S): boolean;
  property(type: T, name: string): S | undefined;
  /** The keys of all properties as the compiler's tables spell them; the only way to find those keyed by a unique symbol. */
  propertyKeys(type: T): readonly string[];
  /** The type without `null` and `undefined`. */
  nonNullable(type: T): T;
  unionParts(type: T): readonly T[] | undefined;
  intersectionParts(type: T): readonly T[] | undefined;
  symbolOf(type: T): S | undefined;
  aliasOf(type: T): S | undefined;
  /** `any`, `unknown` and the error type. */
  isUnknown(type: T): boolean;
  isNever(type: T): boolean;
  /** Whether the libraries of the program know `Disposable` at all. */
  knowsDisposal(): boolean;
}
