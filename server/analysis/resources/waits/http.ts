import type { Wait, WaitData } from '../model.ts';

/** A request by Node's own client. */
export const httpWait = (at: Wait['at']): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [1, 0],
  bounds: [
    { option: 'timeout', phase: 'idle', unit: 'ms', default: 'forever', emitsOnly: true },
    { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
    // The program's own socket: whoever connects it ends it.
    { option: 'createConnection', phase: 'total', unit: 'signal', default: 'forever', uncommon: true },
  ],
  // Since Node 19 the default agent lets an idle socket emit `timeout` after 5 s, also one that waits for an answer.
  value: {
    timers: ['setTimeout'],
    armed: true,
    ends: ['destroy', 'abort'],
    emitsError: 'always',
    sockets: ['socket'],
    parts: ['socket', 'connection'],
  },
  local: ['socketPath'],
  hosts: ['host', 'hostname'],
  shape: { members: ['statusCode', 'setEncoding'], events: ['data', 'end'] },
  consequence:
    'a server that accepts and never answers keeps the request, its socket and everything behind it for ever',
  preferred: 'signal',
});

export const httpWaits: WaitData = {
  waits: ['http', 'https'].flatMap((module) => ['request', 'get'].map((name) => httpWait({ module, export: name }))),
  bounds: ['http', 'https'].flatMap((module) =>
    (
      [
        ['headersTimeout', 'headers', 60_000],
        ['requestTimeout', 'request', 300_000],
        ['keepAliveTimeout', 'idle', 5000],
      ] as const
    ).map(([option, phase, standard]) => ({
      at: { module, export: 'createServer' },
      option,
      phase,
      unit: 'ms' as const,
      default: standard,
      disabledBy: [0],
    })),
  ),
};
