import type { Wait, WaitData } from '../model.ts';

const wait = (name: string, options: readonly number[], ends: 'promised' | 'listened'): Wait => ({
  at: { module: 'child_process', export: name },
  of: 'child',
  kind: 'child process',
  phases: ['total'],
  options,
  bounds: [
    { option: 'timeout', phase: 'total', unit: 'ms', default: 'forever', disabledBy: [0] },
    { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
  ],
  value: {
    ends: ['kill', 'unref', 'disconnect'],
    ...(ends === 'promised' ? { awaited: true } : { finished: ['exit', 'close'] }),
  },
  consequence:
    'a child that hangs, on a lock, a prompt or a network, keeps its caller waiting for ever and stays itself',
  preferred: 'timeout',
});

/** Nothing else runs until it ends, and nothing but its own timeout can end it. */
const blocking = (name: string, options: readonly number[]): Wait => ({
  at: { module: 'child_process', export: name },
  of: 'child',
  kind: 'child process',
  phases: ['total'],
  options,
  bounds: [{ option: 'timeout', phase: 'total', unit: 'ms', default: 'forever', disabledBy: [0] }],
  consequence: 'a child that hangs, on a lock, a prompt or a network, stops the whole process with it',
  preferred: 'timeout',
});

/** Only code that waits for the end of a child is kept waiting by it. */
export const childWaits: WaitData = {
  waits: [
    wait('exec', [1], 'promised'),
    wait('execFile', [1, 2], 'promised'),
    wait('spawn', [1, 2], 'listened'),
    wait('fork', [1, 2], 'listened'),
    blocking('execSync', [1]),
    blocking('execFileSync', [1, 2]),
    blocking('spawnSync', [1, 2]),
  ],
};
