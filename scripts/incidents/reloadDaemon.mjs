// 000: a handler of SIGHUP for each reload, and a journal for each generation.
import { setTimeout as sleep } from 'node:timers/promises';
import { last, peak } from './measures.mjs';

const signals = 200;

export const reloadDaemon = {
  name: '000-reload-daemon',
  title: 'a signal handler for each reload',
  descriptors: 128,
  isRunningOut: true,
  findings: [
    { rule: 'signal-listener-in-loop', file: 'src/reloads.ts', line: 12, witness: 'every turn of the loop' },
    { rule: 'unclosed-handle', file: 'src/reloads.ts', line: 10, witness: 'leaves here without a release' },
  ],
  charted: { name: 'descriptors', of: ({ descriptors }) => descriptors },

  /** Sends the signal again and again, the next only after the last reload was seen. */
  async load(program) {
    await program.line(/^serving generation 1$/);
    let reloads = 0;
    while (reloads < signals) {
      const seen = program.line(/^serving generation/, 3000);
      program.signal('SIGHUP');
      if ((await seen) === undefined) break;
      reloads += 1;
      // An operator is not faster, and whoever asks for the health gets a turn.
      await sleep(5);
    }
    const served = (await program.get('/status')) === 'up\n';
    await sleep(200);
    return { reloads, served, end: await program.stop() };
  },

  rows(before, after) {
    return [
      [
        'reloads of 200 signals',
        before.result.reloads,
        after.result.reloads,
        (was, is) => was < signals && is === signals,
      ],
      ['handlers of signals', peak(before, 'listeners'), peak(after, 'listeners'), (was, is) => was > 50 && is <= 2],
      ['handler runs', last(before, 'handled'), last(after, 'handled'), (was, is) => was > 1000 && is === signals],
      [
        'descriptors, highest',
        peak(before, 'descriptors'),
        peak(after, 'descriptors'),
        (was, is) => was > 100 && is < 40,
      ],
      // Garbage collection may give the failing one a descriptor back.
      ['still serves', before.result.served, after.result.served, (_, is) => is],
      ['ends on SIGTERM with', before.result.end, after.result.end, (_, is) => is === 0],
    ];
  },
};
