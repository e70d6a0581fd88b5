import type { Disposal } from '../facts.ts';

/**
 * The vocabulary in which a library's resources are described. A model is data: no rule and no engine names a library.
 *
 * A *shape* is the little type graph the analysis needs to follow a library's values without its typings:
 * what a module exports, what a call yields, which members a type has. With a type tier, declarations
 * (`package`, `container`, `name`) are looked up in the same graph.
 */
export interface LibraryModel {
  /** The name users know, e.g. `pg`. */
  readonly library: string;
  /** npm packages whose declarations this model describes, without `@types/`; `node` for Node's own modules. */
  readonly packages: readonly PackageRange[];
  /** By import specifier: what the module exports. `default` is the default export and, for CommonJS, the module itself. */
  readonly modules: Readonly<Record<string, ModuleShape>>;
  readonly types: Readonly<Record<string, TypeShape>>;
  readonly acquisitions: readonly Acquisition[];
  /** What limits the waits of this library, and what happens by default. */
  readonly bounds?: readonly Bound[];
}

export interface PackageRange {
  readonly name: string;
  /** A semver range such as `>=3.18.0`; absent: all versions. Unknown versions count as inside. */
  readonly versions?: string;
}

/** Exported name → what it is. */
export type ModuleShape = Readonly<Record<string, ValueShape>>;

/** The value of an export or member. Type names refer to `types` of the same model. */
export type ValueShape =
  /** A value of that type. */
  | { readonly value: string }
  /** A type without a value: an interface or alias that modules export under that name. */
  | { readonly type: string }
  /** A class whose instances have that type (also when called without `new`, where `callable`). */
  | { readonly class: string; readonly callable?: boolean }
  /** A function; `returns` is a type name, `promise` wraps it; a callback's arguments are typed by `callback`. */
  | { readonly returns?: string; readonly promise?: boolean; readonly callback?: CallbackShape }
  /** A namespace of further exports (`import * as ns`, `mysql.default`). */
  | { readonly namespace: ModuleShape };

/** A node-style callback: by default the last argument that is a function; its parameters by index. */
export interface CallbackShape {
  readonly parameters: Readonly<Record<number, string>>;
}

export interface TypeShape {
  /** Names under which typings declare it, where other than the key: `{ container, file? }`; `file` is a suffix of the declaring path. */
  readonly declaredAs?: readonly DeclaredAs[];
  readonly extends?: string;
  readonly members: Readonly<Record<string, ValueShape>>;
}

export interface DeclaredAs {
  readonly container: string;
  readonly file?: string;
}

/** The call, `new` or property that creates an obligation. */
export type AcquireSite =
  | { readonly type: string; readonly member: string }
  | { readonly module: string; readonly export: string }
  | { readonly construct: string };

/**
 * Where the resource appears:
 * `value`: the call's own value · `promise`: its fulfilment · `callback`: parameter `parameter` of the node-style callback, whose
 * parameter `error` is nullish exactly then · `property`: promise in that property of the value (`pending.promise`).
 * A site may offer several; the first that the call site uses counts.
 */
export type Yield =
  | { readonly via: 'value' }
  | { readonly via: 'promise' }
  | { readonly via: 'callback'; readonly parameter: number; readonly error?: number }
  | { readonly via: 'property'; readonly property: string; readonly promise: boolean };

/**
 * What ends the obligation:
 * `method` of the resource · `call` of the resource itself (a releaser function) · `callbackParameter`: a call of that parameter
 * of the acquiring callback (pg's `done`) · `acquirer`: method of the object it was acquired from, with the resource as argument ·
 * `function`: exported function of a module, with the resource as argument.
 * `promise`: it returns a promise that is worth waiting for.
 */
export type Discharge =
  | { readonly by: 'method'; readonly name: string; readonly promise?: true }
  | { readonly by: 'call' }
  | { readonly by: 'callbackParameter'; readonly parameter: number }
  | { readonly by: 'acquirer'; readonly name: string; readonly argument: number; readonly promise?: true }
  | { readonly by: 'function'; readonly module: string; readonly export: string; readonly argument: number }
  /** The object it was acquired from is itself closed, and closes what it lent. */
  | { readonly by: 'acquirerClose'; readonly name: string };

/** A call that looks like a release and is none. */
export interface WrongRelease {
  readonly name: string;
  /** Completes the sentence "`name` …". */
  readonly because: string;
  /** What it does instead: still holds the resource, or ends it in a way that damages the pool. */
  readonly effect: 'holds' | 'destroys';
}

/** `pooled`: goes back to a pool, session factory or lock. `handle`: is closed. */
export type Duty = 'pooled' | 'handle' | 'transaction' | 'body';

export interface Acquisition {
  readonly at: AcquireSite;
  /** Versions of the library that have it; absent: all. */
  readonly versions?: string;
  readonly yields: readonly Yield[];
  /** Type name of the resource, for following its members; absent where the library's user chooses it. */
  readonly resource?: string;
  readonly duty: Duty;
  /** In the words of a message: `pooled client`, `connection`. */
  readonly kind: string;
  readonly discharges: readonly Discharge[];
  /** The discharge a fix writes; must be one of `discharges`. Its arguments are left out. */
  readonly preferred: Discharge;
  readonly wrong?: readonly WrongRelease[];
  /** Dispose support by version; what disposal does, so that a fix knows whether it may be written. */
  readonly disposal?: readonly DisposalSupport[];
  /** Ways in which the resource gives itself back. */
  readonly selfRelease?: readonly SelfRelease[];
  /** A method of the acquirer that takes a statement and needs no release, e.g. `query`, for single statements. */
  readonly shorthand?: Readonly<Record<string, string>>;
  /** Why an unreleased one hurts, as the second sentence of a message. */
  readonly consequence: string;
  readonly conventional?: Convention;
}

/**
 * `exhausted`: iterated or read to the end · `ended`: its end, error or close event · `wrapper`: handed to a callback that the
 * library calls and waits for · `exit`: the process or child ends by itself.
 */
export type SelfRelease = 'exhausted' | 'ended' | 'wrapper' | 'exit';

/** The part of a wait that a bound limits. */
export type WaitPhase = 'acquire' | 'connect' | 'handshake' | 'request' | 'headers' | 'body' | 'idle' | 'total';

/** An option that limits a wait, or seems to. */
export interface Bound {
  /** The function, method or class that takes it. */
  readonly at: AcquireSite;
  readonly versions?: string;
  readonly phase: WaitPhase;
  /** Path of the option in its options argument, e.g. `timeout.request`. */
  readonly option: string;
  readonly unit: 'ms' | 's' | 'date' | 'signal';
  /** What holds without the option; `forever`: nothing ends the wait. */
  readonly default: number | 'forever';
  /** Values that switch the bound off. */
  readonly disabledBy?: readonly (number | boolean | null)[];
  /** When it expires only an event is emitted, and the wait goes on. */
  readonly emitsOnly?: true;
}

/** Name-based evidence for code without types and imports. */
export interface Convention {
  /** How the object that it is acquired from is usually called. */
  readonly receiver: RegExp;
  /** Methods that show what the resource is when the code calls one of them on it. */
  readonly uses: readonly string[];
}

export interface DisposalSupport {
  readonly versions: string;
  readonly disposal: Disposal;
  /** What disposal does differently from the preferred discharge; absent when it is the same. */
  readonly differs?: string;
}
