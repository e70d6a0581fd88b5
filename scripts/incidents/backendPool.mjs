// 002: what is taken from pools does not come back.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { last, slope } from './measures.mjs';
import { Peers } from './peers.mjs';
import { postgresModules, startPostgres } from './postgres.mjs';

const rounds = 200;
/** Backends by name: the pool is keyed by host. */
const hosts = 5;
/** Peers that send their first datagram at the same time. */
const burst = 130;

export const backendPool = {
  name: '002-backend-pool',
  title: 'pools that never get back what they lend',
  descriptors: 256,
  isRunningOut: true,
  modules: postgresModules,
  findings: [
    { rule: 'unreturned-pool-get', file: 'src/accounts.ts', line: 12, witness: 'when `rows.length === 0`' },
    { rule: 'endless-pool-wait', file: 'src/accounts.ts', line: 3, witness: 'no `connectionTimeoutMillis`' },
    { rule: 'dead-release', file: 'src/backendPool.ts', line: 28, witness: 'taken out here, and never given back' },
    { rule: 'sampled-cleanup', file: 'src/udpProxy.ts', line: 37, witness: 'only for multiples of it' },
  ],
  charted: { name: 'descriptors', of: ({ descriptors }) => descriptors },

  async prepare() {
    const postgres = await startPostgres();
    await postgres.client.query('create table accounts (name text primary key, requests int not null default 0)');
    await postgres.client.query("insert into accounts (name) values ('acme')");
    const peers = new Peers();
    const backend = await peers.line((line) => `${line.toUpperCase()}\n`);
    return {
      postgres,
      env: { ...postgres.env, BACKEND_PORT: String(backend) },
      async dispose() {
        peers.dispose();
        await postgres.stop();
      },
    };
  },

  async load(program, { postgres }) {
    await program.line(/^listening/);
    const senders = [];
    const send = async () => {
      const socket = createSocket('udp4');
      senders.push(socket);
      socket.send('hello', program.port, '127.0.0.1');
      await once(socket, 'listening');
    };
    await Promise.all(Array.from({ length: burst }, send));
    await sleep(1200);
    let answered = 0;
    let silent = 0;
    for (let round = 1; round <= rounds && silent < 2; round++) {
      if (round % 10 === 0 && round <= rounds / 2) await send();
      if (round % 6 === 0) await program.get('/nobody/127.0.0.1/hello', 500);
      const answer = await program.get(`/acme/127.0.0.${1 + (round % hosts)}/hello`, 500);
      if (answer?.startsWith('HELLO')) answered += 1;
      else silent += 1;
      await sleep(20);
    }
    const gauge = /active_connections (\d+)/.exec((await program.get('/metrics')) ?? '')?.[1];
    const { rows } = await postgres.client.query(
      "select count(*)::int as open from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    for (const socket of senders) socket.close();
    return { answered, gauge: Number(gauge), connections: rows[0].open, end: await program.stop() };
  },

  rows(before, after) {
    const [was, is] = [before.result, after.result];
    return [
      ['answered of 200 requests', was.answered, is.answered, (a, b) => a < 100 && b === rounds],
      ['descriptors at the end', last(before, 'descriptors'), last(after, 'descriptors'), (a, b) => a > 190 && b < 60],
      [
        'descriptors more per second',
        slope(before, 'descriptors').toFixed(1),
        slope(after, 'descriptors').toFixed(1),
        (a, b) => a > 5 && Math.abs(b) < 2,
      ],
      ['connections in pg_stat_activity', was.connections, is.connections, (a, b) => a >= 10 && b <= 3],
      ['gauge when all is quiet', was.gauge, is.gauge, (a, b) => a > 30 && b === 0],
      ['ends on SIGTERM with', was.end, is.end, (a, b) => a !== 0 && b === 0],
    ];
  },
};
