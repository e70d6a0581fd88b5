/** Files that the snippets may import. */
export const otherFiles: Readonly<Record<string, string>> = {
  'src/db.ts': `
    import { Pool } from 'pg';
    export const pool = new Pool();
    export default pool;
    export function getPool(): Pool { return pool; }
    export const lazy = async () => pool;
    export class Database { readonly pool = new Pool(); static shared = new Database(); get other() { return this.pool; } }
    export interface Context { readonly pool: Pool; current(): Pool }
  `,
  'src/barrel.ts': `export * from './db.js'; export { pool as renamed } from './db.js'; export * as all from './db.js';`,
  'src/common.js': `const { Pool } = require('pg'); const pool = new Pool(); module.exports = { pool, make: () => new Pool() };`,
  'src/single.js': `const { Pool } = require('pg'); module.exports = new Pool();`,
  'src/late.js': `const db = {}; db.start = () => { db.pool = new (require('pg').Pool)(); }; module.exports = db;`,
  'src/exports.js': `const mysql = require('mysql2/promise'); exports.pool = mysql.createPool({}); exports.open = () => exports.pool;`,
};

type Row = readonly [snippet: string, expected: string, path?: string];

/** Snippet → what reading alone tells of the argument of `probe`. */
export const cases: Readonly<Record<string, readonly Row[]>> = {
  imports: [
    [`import { Pool } from 'pg'; probe(Pool);`, 'class pg Pool'],
    [`import { Pool as P } from 'pg'; probe(new P());`, 'pg Pool'],
    [`import pg from 'pg'; probe(new pg.Pool());`, 'pg Pool'],
    [`import * as pg from 'pg'; probe(new pg.Pool());`, 'pg Pool'],
    [`import pg from 'pg'; const { Pool } = pg; probe(new Pool());`, 'pg Pool'],
    [`import pg from 'pg'; const { native: { Pool } } = pg; probe(new Pool());`, 'pg Pool'],
    [`import pg = require('pg'); probe(new pg.Pool());`, 'pg Pool', 'src/case.cts'],
    [`const { Pool } = require('pg'); probe(new Pool());`, 'pg Pool', 'src/case.js'],
    [`const pg = require('pg'); probe(new pg.Pool());`, 'pg Pool', 'src/case.js'],
    [`const Pool = require('pg').Pool; probe(new Pool());`, 'pg Pool', 'src/case.js'],
    [`const pool = new (require('pg').Pool)(); probe(pool);`, 'pg Pool', 'src/case.js'],
    [`const { Pool } = await import('pg'); probe(new Pool());`, 'pg Pool'],
    [`import { Pool } from 'tarn'; probe(new Pool({}).acquire());`, 'tarn PendingOperation'],
    [`import { Pool } from 'somewhere'; probe(new Pool());`, 'unknown'],
    [`import { Pool } from './nowhere.js'; probe(new Pool());`, 'unknown'],
    [`class Pool {} probe(new Pool());`, 'instance of Pool'],
  ],
  'calls of a library': [
    [`import { Pool } from 'pg'; probe(new Pool().connect());`, 'Promise<pg PoolClient>'],
    [`import { Pool } from 'pg'; probe(await new Pool().connect());`, 'pg PoolClient'],
    [`import { Pool } from 'pg'; probe(Pool());`, 'pg Pool'],
    [`import mysql from 'mysql2'; probe(mysql.createPool({}));`, 'mysql2 Pool'],
    [`import mysql from 'mysql2'; probe(mysql.createPool({}).promise());`, 'mysql2 promise.Pool'],
    [`import mysql from 'mysql2/promise'; probe(mysql.createPool({}));`, 'mysql2 promise.Pool'],
    [`import mysql from 'mysql2/promise'; probe(await mysql.createConnection({}));`, 'mysql2 promise.Connection'],
    [`import mysql from 'mysql'; probe(mysql.createPoolCluster().of('*'));`, 'mysql Pool'],
    [`import { createPool } from 'generic-pool'; probe(createPool(f));`, 'generic-pool Pool'],
    [`import { Pool } from 'pg'; new Pool().connect().then((client) => { probe(client); });`, 'pg PoolClient'],
    [`import { Pool } from 'pg'; new Pool().connect((error, client) => { probe(client); });`, 'pg PoolClient'],
    [`import { Pool } from 'pg'; new Pool().connect((error, client) => { probe(error); });`, 'unknown'],
  ],
  'declarations and assignments': [
    [`import { Pool } from 'pg'; let pool; pool = new Pool(); probe(pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; let pool; pool ??= new Pool(); probe(pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; let pool: Pool; probe(pool);`, 'pg Pool'],
    [`import type { Pool } from 'pg'; function f(pool: Pool) { probe(pool); }`, 'pg Pool'],
    [`import type * as pg from 'pg'; function f(pool: pg.Pool) { probe(pool); }`, 'pg Pool'],
    [`function f(pool: import('pg').Pool) { probe(pool); }`, 'pg Pool'],
    [`import type { Pool } from 'pg'; function f(pool: Pool | undefined) { probe(pool!); }`, 'pg Pool'],
    [`import type { Pool } from 'pg'; function f(pool: Promise<Pool>) { probe(await pool); }`, 'pg Pool'],
    [`import type { Pool } from 'pg'; function f({ pool }: { pool: Pool }) { probe(pool); }`, 'pg Pool'],
    [
      `import type { Pool } from 'pg'; function f({ db: { pool } }: { db: { pool: Pool } }) { probe(pool); }`,
      'pg Pool',
    ],
    [`import type { Pool } from 'pg'; type Db = { pool: Pool }; function f(db: Db) { probe(db.pool); }`, 'pg Pool'],
    [
      `import type { Pool } from 'pg'; interface A { pool: Pool } interface B extends A {} function f(b: B) { probe(b.pool); }`,
      'pg Pool',
    ],
    [`import type { Pool } from 'pg'; function f(x: unknown) { probe(x as Pool); }`, 'pg Pool'],
    [`import type { Pool } from 'pg'; const pool = {} satisfies Pool; probe(pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; function f(pool = new Pool()) { probe(pool); }`, 'pg Pool'],
    [`import { Pool } from 'pg'; const a = new Pool(); const b = a; probe(b);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const db = { a: { pool: new Pool() } }; probe(db.a.pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const db: any = {}; db.pool = new Pool(); probe(db.pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const x = flag ? new Pool() : undefined; probe(x);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const pool = globalThis.pool ?? new Pool(); probe(pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; { const pool = 1; probe(pool); } const pool = new Pool();`, 'unknown'],
    [`let a = b; let b = a; probe(a);`, 'unknown'],
  ],
  collections: [
    [`import { Pool } from 'pg'; const pools = new Map<string, Pool>(); probe(pools.get('a')!);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const pools: Map<string, Pool> = load(); probe(pools.get('a')!);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const pools: Record<string, Pool> = {}; probe(pools['a']);`, 'pg Pool'],
    [`import { Pool } from 'pg'; const pools: { [name: string]: Pool } = {}; probe(pools[name]);`, 'pg Pool'],
    [`import { Pool } from 'pg'; function f(pools: Pool[]) { probe(pools[0]); }`, 'pg Pool'],
    [
      `import { Pool } from 'pg'; function f(pools: readonly Pool[]) { for (const pool of pools) probe(pool); }`,
      'pg Pool',
    ],
    [`import { Pool } from 'pg'; const [a] = [new Pool()]; probe(a);`, 'pg Pool'],
  ],
  JSDoc: [
    [`/** @param {import('pg').Pool} pool */ function f(pool) { probe(pool); }`, 'pg Pool', 'src/case.js'],
    [`/** @type {import('pg').Pool} */ let pool; probe(pool);`, 'pg Pool', 'src/case.js'],
    [
      `/** @typedef {import('pg').Pool} Pool */ /** @param {Pool} pool */ function f(pool) { probe(pool); }`,
      'pg Pool',
      'src/case.js',
    ],
    [`/** @param {{ pool: import('pg').Pool }} db */ function f(db) { probe(db.pool); }`, 'pg Pool', 'src/case.js'],
    [`class A {\n/** @type {import('pg').Pool} */\npool; f() { probe(this.pool); } }`, 'pg Pool', 'src/case.js'],
    [
      `/** @returns {import('pg').Pool} */ function get() { return cache.pool; } probe(get());`,
      'pg Pool',
      'src/case.js',
    ],
  ],
  classes: [
    [`import { Pool } from 'pg'; class A { pool = new Pool(); f() { probe(this.pool); } }`, 'pg Pool'],
    [`import { Pool } from 'pg'; class A { #pool = new Pool(); f() { probe(this.#pool); } }`, 'pg Pool'],
    [
      `import { Pool } from 'pg'; class A { #pool: Pool; constructor(p) { this.#pool = p; } f() { probe(this.#pool); } }`,
      'pg Pool',
    ],
    [
      `import type { Pool } from 'pg'; class A { constructor(private pool: Pool) {} f() { probe(this.pool); } }`,
      'pg Pool',
    ],
    [
      `import { Pool } from 'pg'; class A { constructor() { this.pool = new Pool(); } f() { probe(this.pool); } }`,
      'pg Pool',
    ],
    [`import { Pool } from 'pg'; class A { static pool = new Pool(); } probe(A.pool);`, 'pg Pool'],
    [
      `import { Pool } from 'pg'; class A { pool = new Pool(); } class B extends A { f() { probe(this.pool); } }`,
      'pg Pool',
    ],
    [`import { Pool } from 'pg'; class A { pool = new Pool(); } const a = new A(); probe(a.pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; class A { get pool() { return new Pool(); } } probe(new A().pool);`, 'pg Pool'],
    [`import { Pool } from 'pg'; class A { open() { return new Pool(); } } probe(new A().open());`, 'pg Pool'],
    [
      `import { Pool } from 'pg'; class A { async open() { return new Pool(); } } probe(await new A().open());`,
      'pg Pool',
    ],
  ],
  functions: [
    [`import { Pool } from 'pg'; const make = () => new Pool(); probe(make());`, 'pg Pool'],
    [`import { Pool } from 'pg'; async function make() { return new Pool(); } probe(make());`, 'Promise<pg Pool>'],
    [`import { Pool } from 'pg'; function make(): Pool { return x; } probe(make());`, 'pg Pool'],
    [
      `import { Pool } from 'pg'; function make() { return { pool: new Pool() }; } const { pool } = make(); probe(pool);`,
      'pg Pool',
    ],
    [`import { Pool } from 'pg'; type F = () => Pool; function f(get: F) { probe(get()); }`, 'pg Pool'],
    [`function a() { return b(); } function b() { return a(); } probe(a());`, 'unknown'],
    [`class A { constructor() { this.o = { ...this.o, b: 1 }; } f() { probe(this.o.pool); } }`, 'unknown'],
    [`const o = { ...o, a: o.b, b: o.a }; probe(o.a);`, 'unknown'],
  ],
  'other files': [
    [`import { pool } from './db.js'; probe(pool);`, 'pg Pool'],
    [`import pool from './db.js'; probe(pool);`, 'pg Pool'],
    [`import * as db from './db.js'; probe(db.pool);`, 'pg Pool'],
    [`import { getPool } from './db.js'; probe(getPool());`, 'pg Pool'],
    [`import { lazy } from './db.js'; probe(await lazy());`, 'pg Pool'],
    [`import { Database } from './db.js'; probe(new Database().pool);`, 'pg Pool'],
    [`import { Database } from './db.js'; probe(Database.shared.other);`, 'pg Pool'],
    [`import type { Context } from './db.js'; function f(c: Context) { probe(c.current()); }`, 'pg Pool'],
    [`import { pool } from './barrel.js'; probe(pool);`, 'pg Pool'],
    [`import { renamed } from './barrel.js'; probe(renamed);`, 'pg Pool'],
    [`import { all } from './barrel.js'; probe(all.pool);`, 'pg Pool'],
    [`const { pool } = await import('./db.js'); probe(pool);`, 'pg Pool'],
    [`const db = require('./common'); probe(db.pool);`, 'pg Pool', 'src/case.js'],
    [`const { make } = require('./common'); probe(make());`, 'pg Pool', 'src/case.js'],
    [`const pool = require('./single'); probe(pool.connect());`, 'Promise<pg PoolClient>', 'src/case.js'],
    [`const db = require('./late'); probe(db.pool);`, 'pg Pool', 'src/case.js'],
    [`const db = require('./exports'); probe(db.pool);`, 'mysql2 promise.Pool', 'src/case.js'],
    [`import { pool } from './common.js'; probe(pool);`, 'pg Pool'],
    [`import common from './common.js'; probe(common.pool);`, 'pg Pool'],
  ],
};
