import type { Disposal } from '../facts.ts';
import type { Idle, Told } from './told.ts';

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
  /** What every file has under a name without an import: `fetch`, `BroadcastChannel`. */
  readonly globals?: ModuleShape;
  readonly types: Readonly<Record<string, TypeShape>>;
  readonly acquisitions: readonly Acquisition[];
  /** What limits the waits of this library, and what happens by default. */
  readonly bounds?: readonly Bound[];
  /** Calls that wait for somebody else, and all that can end the wait. */
  readonly waits?: readonly Wait[];
  /** Calls that make an object, or set a default, whose options hold for later waits. */
  readonly defaults?: readonly WaitDefaults[];
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
  /** A class whose instances have that type (also when called without `new`, where `callable`); `statics` is the type of the class itself. */
  | { readonly class: string; readonly callable?: boolean; readonly statics?: string }
  /**
   * A function; `returns` is a type name, `promise` wraps it; a callback's arguments are typed by `callback`. `eventual`:
   * it returns no promise and tells its failures by events, so that who awaits it waits for nothing that can fail; or its
   * failure is the end of the object it is called on.
   */
  | {
      readonly returns?: string;
      readonly promise?: boolean;
      readonly callback?: CallbackShape;
      readonly eventual?: true;
    }
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
  /** Names of limits that look like properties and are none: options of whatever makes it. */
  readonly lacks?: readonly string[];
  /** A stream that keeps this open until it ends or is destroyed, in the words of a message: `file descriptor`. */
  readonly holds?: string;
  /** A stream that can end before what is written to it does, and who ends it, in the words of a message: `the client`. */
  readonly endsEarly?: string;
  /** A stream that can break off without an end, and who breaks it off: `the client`. */
  readonly breaksOff?: string;
  /** A stream that keeps this open until somebody ends it: `file descriptor`. */
  readonly awaitsEnd?: string;
  /** What a call of the value itself does, where it is a function with members. */
  readonly call?: ValueShape;
}

export interface DeclaredAs {
  readonly container: string;
  readonly file?: string;
}

/**
 * The call or `new` that creates an obligation. `statement`: only when its first argument is SQL that starts so.
 * `call`: a value of that type is itself called (`axios(config)`).
 */
export type AcquireSite =
  | { readonly type: string; readonly member: string; readonly statement?: readonly string[] }
  | { readonly module: string; readonly export: string }
  | { readonly global: string }
  | { readonly call: string }
  | { readonly construct: string };

/**
 * What an argument of the acquiring call looks like. `option`: a property of it, present at all or, with `equals`, with
 * that literal value; without `option` the argument itself: present, a function, a text, or that literal value.
 */
export interface CallCondition {
  readonly argument: number;
  readonly option?: string;
  readonly equals?: string | number | boolean | null;
  readonly is?: 'function' | 'text';
}

/**
 * Where the resource appears:
 * `value`: the call's own value · `promise`: its fulfilment · `callback`: parameter `parameter` of the node-style callback, whose
 * parameter `error` is nullish exactly then · `property`: promise in that property of the value (`pending.promise`).
 * `receiver`: the object that the call is made on is the resource, and is under the duty from then on (`client.query('BEGIN')`).
 * `path`: the resource sits in that property of the value or fulfilment (`['body']`, `['1']` of a tuple).
 * A site may offer several; the first that the call site uses counts.
 */
export type Yield =
  | { readonly via: 'value'; readonly path?: readonly string[] }
  | { readonly via: 'promise'; readonly path?: readonly string[] }
  | { readonly via: 'receiver' }
  | { readonly via: 'callback'; readonly parameter: number; readonly error?: number }
  | { readonly via: 'property'; readonly property: string; readonly promise: boolean };

/**
 * What ends the obligation:
 * `method` of the resource · `call` of the resource itself (a releaser function) · `callbackParameter`: a call of that parameter
 * of the acquiring callback (pg's `done`) · `acquirer`: method of the object it was acquired from, with the resource as argument,
 * or without (`semaphore.release()`) · `function`: exported function of a module, with the resource as argument ·
 * `empty`: the code asks whether that property beside the resource has one of the values, which say that nothing is there ·
 * `exhausted`: that property of what the method yields is true (`(await reader.read()).done`): nothing is left to release ·
 * `iteration`: `for await` or `for … of` over it, which closes it at every exit · `property`: reading that property hands the duty on
 * to whoever reads it (`response.body`).
 * `promise`: it returns a promise that is worth waiting for. `statement`: only when the first argument is SQL that starts so (lower case).
 * `events`: only when the first argument is one of these names (`child.once('exit', …)`). `withArgument`: only with an argument
 * that is not known to be false or missing (`client.release(error)`).
 * `stays`: from here on it is meant to live as long as the application (`consumer.run()`).
 */
export type Discharge =
  | {
      readonly by: 'method';
      readonly name: string;
      readonly promise?: true;
      readonly statement?: readonly string[];
      readonly events?: readonly string[];
      readonly withArgument?: true;
      readonly stays?: true;
    }
  | { readonly by: 'call' }
  | { readonly by: 'callbackParameter'; readonly parameter: number }
  | {
      readonly by: 'acquirer';
      readonly name: string;
      readonly argument?: number;
      /** The arguments of the acquisition that it wants again, in the order of its own other parameters. */
      readonly repeats?: readonly number[];
      readonly promise?: true;
    }
  | { readonly by: 'iteration' }
  | { readonly by: 'property'; readonly name: string }
  | { readonly by: 'exhausted'; readonly name: string; readonly property: string }
  | { readonly by: 'empty'; readonly property: string; readonly values: readonly number[] }
  | {
      readonly by: 'function';
      readonly module: string;
      readonly export: string;
      readonly argument: number;
      readonly promise?: true;
      /** What a fix writes behind the resource; absent: it has nothing to add. */
      readonly more?: string;
    }
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

/**
 * `pooled`: goes back to a pool, session factory or lock. `handle`: is closed. `transaction`: is committed or rolled back.
 * `body`: is read, dumped or cancelled.
 */
export type Duty = 'pooled' | 'handle' | 'transaction' | 'body';

export interface Acquisition {
  readonly at: AcquireSite;
  /** Versions of the library that have it; absent: all. */
  readonly versions?: string;
  readonly yields: readonly Yield[];
  /** Only calls that meet all of these acquire. */
  readonly when?: readonly CallCondition[];
  /** Calls that meet one of these do not acquire, or need no release: managed forms, a `signal` that closes it. */
  readonly unless?: readonly CallCondition[];
  /** Methods of the resource by which it becomes open; until one is called, nothing is held (`new Client()`, then `connect()`). */
  readonly opens?: readonly string[];
  /** Other members whose first use opens it, and that leave it open when they fail (the first query). */
  readonly opensByUse?: readonly string[];
  /** Meant to live as long as the application: a pool or a client that is shared. To keep one is right, to make many is not. */
  readonly lifetime?: 'application';
  /** To let it live on is normal (a server, a watcher): only code that calls one of these on one path owes a release on all. */
  readonly onlyIfReleased?: readonly string[];
  /** Whoever drops the result gives it back in another way (`unlock(file)`). */
  readonly onlyIfKept?: true;
  /** Sooner or later it ends by itself (a child process): left alone on an ordinary path, it is no leak. */
  readonly endsByItself?: true;
  /** A file with this text sets up the one kind of lender that shares a single connection, and wants none back. */
  readonly sharedWhere?: RegExp;
  /** Garbage collection releases it, late: reported by the strict preset only. */
  readonly collected?: true;
  /** What it holds goes soon when nobody uses it: what a failure leaves behind is reported by the strict preset only. */
  readonly idles?: true;
  /** One that died holds nothing, for its pool takes it out by itself: what fails only then leaves nothing behind. */
  readonly dropsDead?: true;
  /** It keeps no process alive, and ends with it: what a failure leaves behind in a command is gone at once. */
  readonly passive?: true;
  /** All that is left behind lies on a disk: who never removes it in good order either has given it away by its name. */
  readonly onDisk?: true;
  /** Methods of what is made in it that give it: `page.context()`. */
  readonly reachedBy?: readonly string[];
  /** Where a release would take away what the function told others of. */
  readonly told?: Told;
  /** Functions that only use the resource that they get as an argument: whoever holds it still has to release it. */
  readonly borrowers?: readonly Borrowers[];
  /** Type name of the resource, for following its members; absent where the library's user chooses it. */
  readonly resource?: string;
  readonly duty: Duty;
  /** In the words of a message: `pooled client`, `connection`. */
  readonly kind: string;
  readonly discharges: readonly Discharge[];
  /** The discharge a fix writes; must be one of `discharges`. Its arguments are left out. */
  readonly preferred: Discharge;
  readonly wrong?: readonly WrongRelease[];
  /** What a second release does, where it does harm; completes the sentence "releasing it again …". */
  readonly again?: string;
  /** Dispose support by version; what disposal does, so that a fix knows whether it may be written. */
  readonly disposal?: readonly DisposalSupport[];
  /** A method of the acquirer that takes a statement and needs no release, e.g. `query`, for single statements. */
  readonly shorthand?: Readonly<Record<string, string>>;
  /** Why an unreleased one hurts, as the second sentence of a message. */
  readonly consequence: string;
  /** What hurts less: something begun in it is no longer there, or never was. */
  readonly idle?: Idle;
  readonly conventional?: Convention;
}

/** Exported functions of a module. */
export interface Borrowers {
  readonly module: string;
  readonly exports: readonly string[];
}

/** The part of a wait that a bound limits. */
export type WaitPhase = 'acquire' | 'connect' | 'handshake' | 'request' | 'headers' | 'body' | 'idle' | 'total';

/** An option that limits a wait, or seems to. */
export interface BoundOption {
  /** Versions of the library in which this holds; absent: all. */
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
  /** So seldom given that options which nobody can see are not presumed to hold it. */
  readonly uncommon?: true;
  /** Its value is an object with bounds of its own, such as an agent. */
  readonly carrier?: true;
  /** The library pays no attention to it; completes the sentence "the option …". */
  readonly ignored?: string;
}

/** A bound option of a function, method or class that is no wait itself. */
export interface Bound extends BoundOption {
  readonly at: AcquireSite;
  /** The argument that holds the option; absent: any that is an object. */
  readonly argument?: number;
}

/** A call that waits for somebody else: the other end of a connection, or a process. */
export interface Wait {
  readonly at: AcquireSite;
  /** Versions of the library that have it; absent: all. */
  readonly versions?: string;
  readonly of: 'request' | 'socket' | 'child';
  /** In the words of a message: `request`, `connection`. */
  readonly kind: string;
  /** What must be bounded; each phase that is nothing ends by default. */
  readonly phases: readonly WaitPhase[];
  /** The arguments that can be its options, by index. */
  readonly options: readonly number[];
  readonly bounds: readonly BoundOption[];
  /** How the value of the call can be bounded, where it can. */
  readonly value?: WaitValue;
  /** Options that only a connection within this machine has, e.g. `path` of a Unix socket. */
  readonly local?: readonly string[];
  /** Options that name the other end; with an options object that has none of them it is this machine. */
  readonly hosts?: readonly string[];
  /** How it is told where nobody knows what the function is called on. */
  readonly shape?: WaitShape;
  /** Why a wait without an end hurts, as the second sentence of a message. */
  readonly consequence: string;
  /** The option a fix writes: a signal, or a number of milliseconds. */
  readonly preferred?: string;
  /** How long the platform lets the other end be silent where nothing else is said: what nothing bounds still ends then. */
  readonly patienceMs?: number;
}

/** What only the answer to such a call has, as its handler's one parameter shows. */
export interface WaitShape {
  readonly members: readonly string[];
  /** Events that the handler listens to. */
  readonly events: readonly string[];
}

/** What the object that stands for a wait offers to bound it. */
export interface WaitValue {
  /** The object that the method is called on stands for the wait, not what the call returns. */
  readonly receiver?: true;
  /** Whoever gets the object only awaits it: to return it is not to ask others to bound it. */
  readonly awaited?: true;
  /** The object is a parameter, by its index, of the function that is called back for each connection. */
  readonly accepted?: number;
  /** Methods that arm a timer which only emits the event `timeout`, with an optional handler behind the number. */
  readonly timers?: readonly string[];
  /** Such a timer runs by default: the one of the agent that keeps its connection. */
  readonly armed?: true;
  /** Methods whose call is a bound of that phase. */
  readonly bounding?: Readonly<Record<string, WaitPhase>>;
  /** A method that returns the wait with something added, and the functions that add a bound: `pipe(timeout(…))`. */
  readonly operators?: { readonly method: string; readonly bounding: readonly string[] };
  /** Methods that end the wait. */
  readonly ends: readonly string[];
  /** A bound ends it by the event `error`, which throws where nobody listens; `uncalled`: only where nobody is called back. */
  readonly emitsError?: 'always' | 'uncalled';
  /** Events after which the connection stands. */
  readonly connected?: readonly string[];
  /** Events that tell of its end: only code that listens to one of them waits. */
  readonly finished?: readonly string[];
  /** Events whose handler gets the socket below, to which the same methods apply. */
  readonly sockets?: readonly string[];
  /** Properties that hold the socket below. */
  readonly parts?: readonly string[];
}

/** The part of a model that tells of waits. */
export type WaitData = Pick<LibraryModel, 'waits' | 'bounds' | 'defaults'>;

/** Options given once for many waits: of an instance (`axios.create`), of an agent, of the process. */
export interface WaitDefaults {
  readonly at: AcquireSite;
  /** The argument that holds the options. */
  readonly options: number;
  /** `instance`: they hold for calls on the value; `process`: for every wait of the library. */
  readonly reach: 'instance' | 'process';
  /** The options that together bound every call of the instance; absent: the one that a call prefers. */
  readonly preferred?: readonly string[];
  /** The argument is an object with bounds of its own, such as an agent: they hold for whatever can be given such an object. */
  readonly carrier?: true;
  /** Property of the instance (and of the library itself) to which options can be assigned later. */
  readonly assigned?: string;
  /** Properties of the instance that register code which sees every request and can bound it. */
  readonly hooks?: readonly string[];
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
