// 003: sixteen upstreams are polled, and most of them are unwell.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { peak, slope } from './measures.mjs';
import { Peers } from './peers.mjs';

const seconds = 7;

export const upstreamPoller = {
  name: '003-upstream-poller',
  title: 'upstreams that do not answer',
  descriptors: 160,
  isRunningOut: true,
  findings: [
    { rule: 'ignored-option', file: 'src/httpClient.ts', line: 13, witness: 'so this never runs' },
    {
      rule: 'request-without-timeout',
      file: 'src/httpClient.ts',
      line: 19,
      witness: 'goes on from here without a limit',
    },
    {
      rule: 'socket-without-timeout',
      file: 'src/lineClient.ts',
      line: 7,
      witness: 'goes on from here without a limit',
    },
    { rule: 'uncleared-timer', file: 'src/poller.ts', line: 45, witness: 'gives up work that may long be over' },
    { rule: 'abandoned-race-loser', file: 'src/poller.ts', line: 30, witness: 'when this wins, the timer goes on' },
  ],
  charted: { name: 'descriptors', of: ({ descriptors }) => descriptors },

  async prepare() {
    const peers = new Peers();
    const upstreams = [];
    const add = async (protocol, port) => {
      upstreams.push({ name: `node${upstreams.length}`, protocol, host: '127.0.0.1', port: await port });
    };
    for (let n = 0; n < 5; n++) await add('http', peers.silent());
    for (let n = 0; n < 5; n++) await add('line', peers.halfClosing());
    const unreachable = await peers.unreachable();
    await add('http', unreachable);
    await add('line', unreachable);
    // The well ones come last: they get what the others leave.
    for (let n = 0; n < 2; n++) {
      await add(
        'http',
        peers.http((_request, response) => response.end('{"slot":12}')),
      );
      await add(
        'line',
        peers.line(() => '12\n'),
      );
    }
    return { peers, env: { UPSTREAMS: JSON.stringify(upstreams) }, dispose: () => peers.dispose() };
  },

  async load(program, { peers }) {
    await program.line(/^listening/);
    const answers = [];
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      answers.push((await program.get('/')) !== undefined);
      await sleep(200);
    }
    const answered = answers.slice(-10).filter(Boolean).length;
    const closeWait = closeWaiting(program.pid);
    const { oldest } = peers;
    return { answered, closeWait, oldest, end: await program.stop() };
  },

  rows(before, after) {
    const [was, is] = [before.result, after.result];
    return [
      ['descriptors, highest', peak(before, 'descriptors'), peak(after, 'descriptors'), (a, b) => a >= 155 && b < 120],
      [
        'descriptors more per second',
        Math.round(slope(before, 'descriptors')),
        Math.round(slope(after, 'descriptors')),
        (_, b) => Math.abs(b) <= 3,
      ],
      ['in CLOSE-WAIT at the end', was.closeWait, is.closeWait, (a, b) => a > 30 && b <= 30],
      [
        'longest poll in seconds',
        (was.oldest / 1000).toFixed(1),
        (is.oldest / 1000).toFixed(1),
        (a, b) => a > 5 && b < 1.6,
      ],
      ['answers to the last 10 requests', was.answered, is.answered, (a, b) => a <= 5 && b === 10],
      ['ends on SIGTERM with', was.end, is.end, (a, b) => a !== 0 && b === 0],
    ];
  },
};

/** How many of a process's connections wait for it to close them after the other end has. */
function closeWaiting(pid) {
  try {
    const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n');
    return lines.filter((line) => line.trim().split(/\s+/)[3] === '08').length;
  } catch {
    return 0;
  }
}
