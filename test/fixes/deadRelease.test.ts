import assert from 'node:assert/strict';
import { createAnalysis } from '../../server/analysis/check.ts';
import { recommended, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

const path = `${root}/src/case.ts`;

interface Parts {
  readonly release?: string;
  readonly get?: string;
  readonly use: string;
}

/** How many fixes are offered for a pool whose way back is dead. */
function offered({ use, release, get }: Parts): number {
  const text = `class Pool {
  private free: Conn[] = [];
  private active = 0;
  ${get ?? 'get(): Conn { this.active++; return this.free.pop() ?? createConn(); }'}
  ${release ?? 'private put(conn: Conn) { this.active--; this.free.push(conn); }'}
}
const pool = new Pool();
const kept: Conn[] = [];
${use}
`;
  const { findings } = createAnalysis(new MemoryHost([[path, text]])).check(path, recommended);
  const [finding] = findings.filter(({ rule }) => rule === 'dead-release');
  assert.ok(finding, text);
  return finding.fixes.filter((fix) => fix.build()).length;
}

const plain = `async function f() { const conn = pool.get(); await conn.query('a'); }`;

describe('the fix of a dead way back', () => {
  it('is offered where every place keeps what it takes to itself', () => {
    assert.equal(offered({ use: plain }), 1);
    assert.equal(offered({ use: `${plain}\nasync function g() { const own = pool.get(); await work(own); }` }), 1);
  });

  const refused: Readonly<Record<string, string>> = {
    'closes it': `async function g() { const own = pool.get(); await own.query('a'); own.end(); }`,
    'closes it in a helper': `function shut(c: Conn) { c.end(); }\nasync function g() { const own = pool.get(); await own.query('a'); shut(own); }`,
    'closes it when something happens': `async function g() { const own = pool.get(); own.on('end', () => own.destroy()); await own.query('a'); }`,
    'returns it': `async function g() { const own = pool.get(); await own.query('a'); return own; }`,
    'stores it': `async function g() { const own = pool.get(); await work(own); kept.push(own); }`,
    'stores it under another name': `async function g() { const own = pool.get(); await work(own); const other = own; kept.push(other); }`,
    'gives it no name': `async function g() { await pool.get().query('a'); }`,
    'gives it a name that changes': `async function g() { let own = pool.get(); await own.query('a'); own = createConn(); }`,
    'takes it at an optional place': `async function g(p?: Pool) { const own = p?.get(); await own?.query('a'); }`,
    'passes it to what nobody waits for': `async function g() { const own = pool.get(); work(own); }`,
    'takes two at once': `async function g() { const a = pool.get(); const b = pool.get(); await a.query(b); }`,
    'passes the function on': `register(pool.get);`,
    'cannot be told': `function g(any: any) { const own = any.get(); own.query('a'); }`,
  };
  for (const [what, use] of Object.entries(refused)) {
    it(`is not offered where one place ${what}`, () => assert.equal(offered({ use: `${plain}\n${use}` }), 0));
  }

  it('is not offered where the way back takes something else, or more', () => {
    const two = 'private put(key: string, conn: Conn) { this.active--; this.free.push(conn); }';
    const other = 'private put(conn: Entry) { this.active--; this.free.push(conn); }';
    const made = 'private put(conn) { this.active--; this.free.push({ conn }); }';
    for (const release of [two, other, made]) assert.equal(offered({ use: plain, release }), 0, release);
  });

  it('is not offered where nothing may be lent and nobody asks', () => {
    const get = 'get(): Conn | undefined { this.active++; return this.free.pop() ?? createConn(); }';
    assert.equal(offered({ use: plain, get }), 0);
    const asked = plain.replace('await conn', 'if (!conn) return; await conn');
    assert.equal(offered({ use: asked, get }), 1);
  });

  it('is not offered where a promise is lent and nobody waits for it', () => {
    const get = 'async get() { this.active++; return this.free.pop() ?? createConn(); }';
    assert.equal(offered({ use: plain, get }), 0);
    assert.equal(
      offered({ use: plain.replace('= pool', '= await pool'), get: get.replace('()', '(): Promise<Conn>') }),
      1,
    );
  });
});
