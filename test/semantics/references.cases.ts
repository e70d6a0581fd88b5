export interface ReferenceCase {
  readonly title: string;
  /** The function is the one behind `/*?*​/`; comments at the ends of lines say what uses it there. */
  readonly files: Readonly<Record<string, string>>;
  readonly exposed?: boolean;
  readonly unknown?: boolean;
}

const pool = `export class Pool {
  get() { return 1; }
  /*?*/ release(x) {}
}`;

export const cases: readonly ReferenceCase[] = [
  {
    title: 'a method called on an instance, in this file and in others',
    files: {
      'pool.ts': `${pool}
export const shared = new Pool();
shared.release(1); // call`,
      'a.ts': `import { Pool, shared as one } from './pool';
one.release(1); // call
const own = new Pool();
own.release(2); // call
class Uses { constructor(private readonly pool: Pool) {}
  done() { this.pool.release(3); } // call
}`,
    },
  },
  {
    title: 'methods of the same name of others',
    files: {
      'pool.ts': `${pool}`,
      'a.ts': `import './pool';
import { Pool } from 'pg';
class Other { release() {} }
new Other().release();
async function f() { const client = await new Pool().connect(); client.release(); }
const map = new Map<string, Other>();
map.release();`,
    },
  },
  {
    title: 'calls on something that nobody knows',
    files: {
      'pool.ts': pool,
      'a.ts': `import './pool';
export function f(x) { x.release(1); } // possible call
export function g(x) { x['release'](1); } // possible call
export const h = ({ release }) => { release(1); }; // possible call`,
    },
  },
  {
    title: 'passed on, bound and taken out',
    files: {
      'pool.ts': pool,
      'a.ts': `import { Pool } from './pool';
const pool = new Pool();
emitter.on('end', pool.release); // value
const bound = pool.release.bind(pool); // value
const { release } = pool;
release(1); // call
const { release: giveBack } = pool;
giveBack(2); // call
setTimeout(giveBack, 5); // value`,
    },
  },
  {
    title: 'comments, strings, keys and declarations are no uses',
    files: {
      'pool.ts': pool,
      'a.ts': `import './pool';
// release
const text = 'release';
const o = { release: 1 };
interface I { release(): void }
type T = Pool['release'];`,
    },
  },
  {
    title: 'a call through an interface may be one',
    files: {
      'pool.ts': `export interface Lends { release(x): void }
export class Pool implements Lends {
  /*?*/ release(x) {}
}`,
      'a.ts': `import { Pool, type Lends } from './pool';
new Pool();
export function f(pool: Lends) { pool.release(1); } // possible call`,
    },
  },
  {
    title: 'a call through the base class may be one, through another class not',
    files: {
      'pool.ts': `export class Base { release() {} }
export class Pool extends Base {
  /*?*/ release() {}
}
export class Sibling extends Base { release() {} }`,
      'a.ts': `import { Base, Pool, Sibling } from './pool';
export function f(pool: Base) { pool.release(); } // possible call
export function g(pool: Pool) { pool.release(); } // call
export function h(pool: Sibling) { pool.release(); }`,
    },
  },
  {
    title: 'methods of an object that a factory returns',
    files: {
      'pool.ts': `export function createPool() {
  const free = [];
  return {
    take() { return free.pop(); },
    /*?*/ put(x) { free.push(x); },
  };
}`,
      'a.ts': `import { createPool } from './pool';
const pool = createPool();
pool.put(1); // call
const { put } = createPool();
put(2); // call`,
    },
  },
  {
    title: 'functions of a factory that are returned by name',
    files: {
      'pool.ts': `export function createPool() {
  const free = [];
  /*?*/ function put(x) { free.push(x); }
  return { put };
}`,
      'a.ts': `import { createPool } from './pool';
const pool = createPool();
pool.put(1); // call
const { put: giveBack } = createPool();
giveBack(2); // call
export const f = (x) => x.put(3); // possible call
new Map().put(4); // possible call
create({ put() {} });`,
    },
  },
  {
    title: 'a function of this file only',
    files: {
      'a.ts': `/*?*/ function release() {}
release(); // call
later(release); // value
export {};`,
      'b.ts': `import './a';
other.release();
release();`,
    },
  },
  {
    title: 'an exported function, also under other names',
    files: {
      'pool.ts': `/*?*/ export function release() {}
release(); // call`,
      'index.ts': `export { release as giveBack } from './pool';
export * from './pool';`,
      'a.ts': `import { giveBack } from './index';
import * as pool from './pool';
import { release as free } from './pool';
giveBack(1); // call
pool.release(); // call
free(); // call
export function f(x) { x.release(); }`,
      'b.js': `const { release } = require('./pool');
const pool = require('./pool');
release(); // call
pool.release(); // call`,
    },
  },
  {
    title: 'a default export, under whatever name',
    files: {
      'release-it.ts': `/*?*/ export default function release() {}`,
      'a.ts': `import giveBack from './release-it';
giveBack(); // call`,
      'b.ts': `import { default as free } from './release-it';
free(); // call
release();`,
    },
  },
  {
    title: 'CommonJS exports',
    files: {
      'pool.js': `/*?*/ function release() {}
module.exports = { release };`,
      'a.js': `const pool = require('./pool');
pool.release(); // call`,
    },
  },
  {
    title: 'the sites of a class',
    files: {
      'session.ts': `/*?*/ export class Session { constructor() {} }`,
      'a.ts': `import { Session } from './session';
export const all = [1, 2].map(() => new Session()); // call
class Own extends Session {} // value
register(Session); // value
const x: Session = all[0];`,
    },
  },
  {
    title: 'a private method is never seen from outside',
    files: {
      'package.json': '{"name":"pool","main":"pool.ts"}',
      'pool.ts': `export class Pool {
  /*?*/ private release() {}
}`,
    },
  },
  {
    title: 'a method of what the package exports is',
    exposed: true,
    files: {
      'package.json': '{"name":"pool","main":"index.ts"}',
      'index.ts': `export { Pool } from './pool';`,
      'pool.ts': pool,
    },
  },
  {
    title: 'a method of what the package keeps to itself is not',
    files: {
      'package.json': '{"name":"pool","main":"index.ts"}',
      'index.ts': `import { Pool } from './pool';
export const answer = new Pool().get();`,
      'pool.ts': pool,
    },
  },
  {
    title: 'what nobody imports may be called by a framework',
    exposed: true,
    files: { 'routes/orders.ts': `/*?*/ export async function GET() {}` },
  },
  {
    title: 'a class that fulfils a contract of a library is called by it',
    exposed: true,
    files: {
      'a.ts': `import './b';`,
      'b.ts': `import type { Factory } from 'generic-pool';
class Makes implements Factory<number> {
  /*?*/ destroy() {}
}`,
    },
  },
  {
    title: 'an object that is handed to a function is called by it',
    exposed: true,
    files: { 'a.ts': `createPool({ factory: { /*?*/ destroy() {} } });` },
  },
  {
    title: 'a function literal that is an argument has no name',
    unknown: true,
    files: { 'a.ts': `later(/*?*/ () => {});` },
  },
];
