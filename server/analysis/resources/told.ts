/** What tells others where a resource is, so that its release takes away what they were told of. */
export interface Told {
  /** Properties of it and methods that say where it is: `path`, `wsEndpoint`. */
  readonly by: readonly string[];
  /** The resource itself is such a text: the path of a directory. */
  readonly itself?: true;
  /** What stays open although whoever knows the place can remove all else; absent: they can end all of it. */
  readonly keeps?: KeptOpen;
}

export interface KeptOpen {
  /** In the words of a message: `descriptor`. */
  readonly part: string;
  readonly consequence: string;
  /** Does without it, instead of the release. */
  readonly remedy: string;
  /** The option of the acquiring call, in its first argument, by which there is no such part; a property that says it is wanted. */
  readonly option?: { readonly text: string; readonly unlessRead: string };
}

/** A resource in which something can be begun, such as a transaction of a session. */
export interface Idle {
  readonly begins: readonly string[];
  readonly ends: readonly string[];
  /** What is left behind when nothing is under way in it. */
  readonly consequence: string;
}
