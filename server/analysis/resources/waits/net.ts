import type { BoundOption, Wait, WaitData, WaitValue } from '../model.ts';

/** When the option expires, or the timer of `setTimeout`, only the event `timeout` is emitted. */
const emitted: BoundOption = { option: 'timeout', phase: 'idle', unit: 'ms', default: 'forever', emitsOnly: true };
const signal: BoundOption = { option: 'signal', phase: 'total', unit: 'signal', default: 'forever', uncommon: true };

const socketValue: WaitValue = {
  timers: ['setTimeout'],
  bounding: { setKeepAlive: 'idle' },
  ends: ['destroy', 'destroySoon', 'resetAndDestroy', 'end'],
  emitsError: 'always',
  connected: ['connect', 'secureConnect', 'ready', 'secure'],
};

const wait = (at: Wait['at']): Wait => ({
  at,
  of: 'socket',
  kind: 'socket',
  phases: ['connect', 'idle'],
  options: [0, 1, 2],
  bounds: [
    emitted,
    signal,
    { option: 'keepAlive', phase: 'idle', unit: 'ms', default: 'forever', disabledBy: [false], uncommon: true },
  ],
  value: socketValue,
  local: ['path'],
  hosts: ['host'],
  consequence:
    'a peer that drops packets or falls silent leaves the socket and whoever waits for it hanging until the kernel gives up, which takes minutes or never happens',
  preferred: 'timeout',
});

export const socketWaits: WaitData = {
  waits: [
    wait({ module: 'net', export: 'connect' }),
    wait({ module: 'net', export: 'createConnection' }),
    { ...wait({ type: 'Socket', member: 'connect' }), value: { ...socketValue, receiver: true } },
    wait({ module: 'tls', export: 'connect' }),
    {
      at: { module: 'dgram', export: 'createSocket' },
      of: 'socket',
      kind: 'datagram socket',
      phases: ['idle'],
      options: [0],
      bounds: [signal],
      value: { ends: ['close'], finished: ['message'] },
      consequence:
        'datagrams get lost: without a limit whoever waits for this answer waits for ever, and its port stays taken',
    },
    ...['net', 'tls'].map(
      (module): Wait => ({
        at: { module, export: 'createServer' },
        of: 'socket',
        kind: 'accepted socket',
        phases: ['idle'],
        options: [0],
        bounds: [{ option: 'keepAlive', phase: 'idle', unit: 'ms', default: 'forever', uncommon: true }],
        value: { ...socketValue, accepted: 0 },
        consequence:
          'a client that falls silent or vanishes keeps its socket and its descriptor for ever; enough of them, and nobody can connect any more',
      }),
    ),
  ],
};
