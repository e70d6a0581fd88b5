import { createContext, Script } from 'node:vm';

/** How one run of a program ended, and what it did to the pool. */
export interface Run {
  readonly outcome: string;
  readonly acquired: number;
  readonly released: number;
  /** Clients that were released twice, or used after their release. */
  readonly misused: readonly string[];
  /** How many operations could have failed. */
  readonly operations: number;
}

/** One run's world: every operation may be the one that fails. */
class World {
  acquired = 0;
  released = 0;
  operations = 0;
  readonly misused: string[] = [];
  readonly #failing: number;

  constructor(failing: number) {
    this.#failing = failing;
  }

  /** Counts an operation; the chosen one fails. */
  step(name: string): void {
    if (this.operations++ === this.#failing) throw new Error(`${name} failed`);
  }
}

class Client {
  #released = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async query(value: unknown): Promise<unknown> {
    if (this.#released) this.#world.misused.push(`query ${value}`);
    await Promise.resolve();
    if (this.#released) this.#world.misused.push(`still running: query ${value}`);
    this.#world.step(`query ${value}`);
    return value;
  }

  release(): void {
    if (this.#released) {
      this.#world.misused.push('released twice');
      throw new Error('released twice');
    }
    this.#released = true;
    this.#world.released += 1;
  }
}

class Pool {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async connect(): Promise<Client> {
    await Promise.resolve();
    this.#world.step('connect');
    this.#world.acquired += 1;
    return new Client(this.#world);
  }

  async query(value: unknown): Promise<unknown> {
    const client = await this.connect();
    try {
      return await client.query(value);
    } finally {
      client.release();
    }
  }
}

type Callback = (error: Error | null, value?: unknown) => void;

/** What a promise becomes for those who call back, in an event-loop turn of its own. */
function callBack(promise: Promise<unknown>, callback: Callback): void {
  promise.then(
    (value) => setImmediate(() => callback(null, value)),
    (error) => setImmediate(() => callback(error)),
  );
}

/** The same pool in the style of mysql. */
function callbackPool(world: World): unknown {
  const pool = new Pool(world);
  const connectionOf = (client: Client): unknown => ({
    query: (value: unknown, callback: Callback) => callBack(client.query(value), callback),
    release: () => client.release(),
  });
  return {
    getConnection: (callback: Callback) => callBack(pool.connect().then(connectionOf), callback),
  };
}

/** Runs a CommonJS module that exports a function `main(flag, finish)` over `require('mysql')`. */
export async function runCallbacks(text: string, failing: number, flags: number): Promise<Run> {
  const world = new World(failing);
  const module = { exports: {} as { main?: (flag: unknown, finish: Callback) => void } };
  const mysql = { createPool: () => callbackPool(world) };
  new Script(text).runInContext(createContext({ module, exports: module.exports, require: () => mysql, Error }));
  const finished: string[] = [];
  module.exports.main?.(
    (n: number) => ((flags >> (n % 8)) & 1) === 1,
    (error, value) => finished.push(error ? `failed: ${error.message}` : `finished with ${value}`),
  );
  for (let turn = 0; turn < 40; turn++) await new Promise(setImmediate);
  const { acquired, released, misused, operations } = world;
  return { outcome: finished.join(', '), acquired, released, misused, operations };
}

/**
 * Runs a CommonJS module that exports an async function `main(flag, JSON)` over `require('pg')`.
 * @param failing The number of the operation that fails; -1: none.
 * @param flags What `flag(n)` answers.
 */
export async function run(text: string, failing: number, flags: number): Promise<Run> {
  const world = new World(failing);
  const BoundPool = class extends Pool {
    constructor() {
      super(world);
    }
  };
  const module = { exports: {} as { main?: (flag: unknown, json: unknown) => Promise<unknown> } };
  const context = createContext({
    module,
    exports: module.exports,
    require: () => ({ Pool: BoundPool }),
    Error,
    Promise,
  });
  new Script(text).runInContext(context);
  const flag = (n: number): boolean => ((flags >> (n % 8)) & 1) === 1;
  const step = (value: unknown): void => world.step(`parse ${value}`);
  let outcome: string;
  try {
    outcome = `returned ${JSON.stringify(await module.exports.main?.(flag, { parse: step }))}`;
  } catch (error) {
    outcome = `threw ${(error as Error).message}`;
  }
  const { acquired, released, misused, operations } = world;
  return { outcome, acquired, released, misused, operations };
}
