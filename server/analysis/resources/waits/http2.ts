import type { WaitData } from '../model.ts';

export const http2Waits: WaitData = {
  waits: [
    {
      at: { module: 'http2', export: 'connect' },
      of: 'socket',
      kind: 'HTTP/2 session',
      phases: ['idle'],
      options: [1],
      bounds: [
        { option: 'timeout', phase: 'idle', unit: 'ms', default: 'forever', emitsOnly: true },
        { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
      ],
      value: {
        timers: ['setTimeout'],
        bounding: { ping: 'idle' },
        ends: ['destroy', 'close'],
        emitsError: 'always',
        connected: ['connect'],
      },
      consequence: 'a peer that falls silent keeps the session and each of its streams for ever',
    },
  ],
};
