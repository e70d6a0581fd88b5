// 004: a task of ten minutes for each client, also for those that have left.
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { last, megabytes, peak } from './measures.mjs';

const clients = 600;
/** Of ten clients so many leave before their answer is complete. */
const leaving = 3;
const atOnce = 12;

export const fireAndForget = {
  name: '004-fire-and-forget',
  title: 'a task of ten minutes for each client that has left',
  descriptors: 256,
  isRunningOut: true,
  /** Twelve clients at once need few timers. */
  healthLimits: { resources: 200 },
  /** Under which the broken program runs out of memory within the run. */
  flags: ['--max-old-space-size=64'],
  findings: [
    { rule: 'unaborted-detached-promise', file: 'src/completions.ts', line: 11, witness: 'started here and let go' },
    { rule: 'abandoned-race-loser', file: 'src/usage.ts', line: 17, witness: 'when this wins, the timer goes on' },
  ],
  charted: { name: 'MB of heap', of: ({ heap }) => heap && megabytes(heap) },

  async prepare({ path }) {
    const ledger = join(path, 'ledger.txt');
    await rm(ledger, { force: true });
    return { ledger, env: { LEDGER: ledger }, dispose() {} };
  },

  async load(program, { ledger }) {
    await program.line(/^listening/);
    const completed = [];
    let next = 0;
    const visit = async () => {
      while (next < clients && program.end === undefined) {
        const number = next++;
        const stays = number % 10 >= leaving;
        if ((await converse(program.port, number, stays)) && stays) completed.push(`request${number}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, visit));
    await sleep(500);
    const served = program.end === undefined;
    const bills = (await readFile(ledger, 'utf8').catch(() => '')).trim().split('\n');
    const billed = bills.map((line) => line.split(' ')[1]);
    const isOnce = new Set(billed).size === billed.length && completed.every((id) => billed.includes(id));
    return { served, completed: completed.length, isOnce, end: await program.stop() };
  },

  rows(before, after) {
    const [was, is] = [before.result, after.result];
    return [
      ['completed of 420 streams', was.completed, is.completed, (a, b) => a < 420 && b === 420],
      ['tasks that wait, at the end', last(before, 'timers'), last(after, 'timers'), (a, b) => a > 100 && b < 10],
      [
        'MB of heap, highest',
        megabytes(peak(before, 'heap')),
        megabytes(peak(after, 'heap')),
        (a, b) => a >= 50 && b < 45,
      ],
      ['MB of memory, highest', megabytes(peak(before, 'memory')), megabytes(peak(after, 'memory')), (a, b) => b < a],
      [
        'ms of event-loop delay',
        Math.round(peak(before, 'delay')),
        Math.round(peak(after, 'delay')),
        (_, b) => b < 1000,
      ],
      ['billed exactly once', was.isOnce, is.isOnce, (_, b) => b],
      ['survives the load', was.served, is.served, (a, b) => !a && b],
      ['ends on SIGTERM with', was.end, is.end, (a, b) => a !== 0 && b === 0],
    ];
  },
};

const history = Array.from({ length: 900 }, (_, n) => ({
  role: 'user',
  content: `${n} ${'what I said before '.repeat(20)}`,
}));

/** Asks for an answer, and either reads it to its end or leaves at its first word; whether it was complete. */
function converse(port, number, stays) {
  const messages = [...history, { role: 'user', content: 'tell me '.repeat(8).trim() }];
  const body = JSON.stringify({ id: `request${number}`, customer: 'acme', messages });
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, method: 'POST', agent: false, timeout: 5000 }, (response) => {
      response.on('data', () => {
        if (!stays) response.destroy();
      });
      response.once('close', () => resolve(response.complete));
      response.on('error', () => {});
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => resolve(false));
    asked.end(body);
  });
}
