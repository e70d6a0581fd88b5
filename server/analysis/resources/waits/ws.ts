import type { WaitData } from '../model.ts';

export const webSocketWaits: WaitData = {
  waits: [
    {
      at: { construct: 'WebSocket' },
      of: 'socket',
      kind: 'WebSocket',
      phases: ['handshake'],
      options: [2, 1],
      bounds: [
        { option: 'handshakeTimeout', phase: 'handshake', unit: 'ms', default: 'forever' },
        { option: 'timeout', phase: 'handshake', unit: 'ms', default: 'forever', emitsOnly: true },
        { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
      ],
      value: {
        bounding: { ping: 'idle' },
        ends: ['terminate', 'close'],
        emitsError: 'always',
        connected: ['open', 'upgrade'],
      },
      consequence:
        'a server that accepts the connection and never answers the handshake leaves it neither open nor failed, for ever',
      preferred: 'handshakeTimeout',
    },
  ],
};
